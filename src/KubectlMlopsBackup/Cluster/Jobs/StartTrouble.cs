namespace KubectlMlopsBackup.Cluster.Jobs;

/// <summary>Why a Job's pod does not start.</summary>
/// <param name="Definite">It will not mend itself. Otherwise a node may be added, or a volume be made, in a while.</param>
/// <param name="Events">The cluster's own words, newest last.</param>
internal sealed record StartTrouble(string What, string? Fix, bool Definite, IReadOnlyList<string> Events);
