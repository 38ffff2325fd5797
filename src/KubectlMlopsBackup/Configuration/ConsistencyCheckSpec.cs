namespace KubectlMlopsBackup.Configuration;

/// <summary>What the database of the recovery point refers to, against the artifacts of the recovery point: as <c>verify mlflow</c> does it, from the repository alone.</summary>
internal sealed class ConsistencyCheckSpec
{
    /// <summary>So many objects may lack their artifacts: what the platform had lost before it was backed up, no recovery brings back.</summary>
    public int MayMiss { get; set; }
}
