using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.InCluster;

internal static class BackupOutcomes
{
    /// <summary>What Jobs one after the other came to, as one: the repositories are as the last one left them.</summary>
    /// <param name="outcomes">At least one, in the order in which they ended.</param>
    public static BackupOutcome Join(IReadOnlyList<BackupOutcome> outcomes, ExitCode code) => outcomes[^1] with
    {
        Components = [.. outcomes.SelectMany(o => o.Components)],
        Consistency = outcomes.Select(o => o.Consistency).LastOrDefault(c => c is not null),
        ExitCode = (int)code,
    };
}
