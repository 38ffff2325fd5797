namespace KubectlMlopsBackup.Configuration;

/// <summary>The rows of every table against the snapshot's.</summary>
internal sealed class RowsCheckSpec
{
    /// <summary>Percent of a table's rows that a platform in use may have fewer. After a recovery none may be missing.</summary>
    public int MayLack { get; set; } = PlanDefaults.RowsMayLack;
}
