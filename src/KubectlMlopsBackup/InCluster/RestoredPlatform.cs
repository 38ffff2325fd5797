using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.InCluster;

/// <summary>What a restore in the cluster came to.</summary>
internal sealed record RestoredPlatform
{
    public required string Namespace { get; init; }

    /// <summary>Null where the Job came to no result.</summary>
    public RestoreOutcome? Restore { get; init; }

    public required IReadOnlyList<PlatformStep> Steps { get; init; }

    /// <summary>From the start to the last workload that is ready again.</summary>
    public required double Seconds { get; init; }

    public required int ExitCode { get; init; }
}
