namespace KubectlMlopsBackup.InCluster;

/// <summary>What came of suspending the CronJobs of a namespace.</summary>
/// <param name="Names">Those that stand still for this very recovery or restore.</param>
/// <param name="Refused">Those that could not be suspended, with why.</param>
internal sealed record HeldSchedules(IReadOnlyList<string> Names, IReadOnlyList<string> Refused)
{
    /// <summary>For people; null where all was suspended.</summary>
    public string? Refusals => Refused.Count == 0
        ? null
        : $"not suspended: {string.Join("; ", Refused)}; a backup that begins meanwhile is of half a platform";
}
