using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Recovery;

/// <summary>What is recovered, and where to.</summary>
internal sealed record RecoverySettings
{
    /// <summary>Eight letters and digits.</summary>
    public required string Id { get; init; }

    /// <summary>The namespace that the backups are of.</summary>
    public required string Source { get; init; }

    /// <summary>The plan as it is for the namespace that is recovered into; its labels name the recovery.</summary>
    public required InstalledPlan Target { get; init; }

    public required ListedRecoveryPoint Point { get; init; }

    /// <summary>Nothing of it may touch the platform itself, and all of it goes afterwards.</summary>
    public required bool IsDrill { get; init; }

    /// <summary>For a pod that does not start.</summary>
    public required TimeSpan StartPatience { get; init; }

    public string Namespace => Target.Namespace;
}
