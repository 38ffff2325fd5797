using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

internal sealed record BackupRequest
{
    public required IReadOnlyList<Component> Components { get; init; }

    public bool ForceRead { get; init; }

    public bool AllowEmpty { get; init; }

    public bool NoMirror { get; init; }

    public bool Prune { get; init; }

    /// <summary>Which cluster the configuration is read from.</summary>
    public ClusterOptions Cluster { get; init; } = ClusterOptions.Default;

    public ConfigChoice Config { get; init; } = ConfigChoice.AsPlanned;

    /// <summary>Of the artifacts, which are then the only component; null for the whole.</summary>
    public ShareId? Share { get; init; }
}
