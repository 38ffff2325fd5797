using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>Objects that are restored together: one, or small ones that share chunks.</summary>
internal sealed class RestoreBatch(IReadOnlyList<RestoreWork> items)
{
    /// <returns>What must be written, in order.</returns>
    public async Task<IReadOnlyList<RestoreWork>> DifferentAsync(
        TargetCheck check, RestoreCounters counters, int atOnce, CancellationToken cancellationToken)
    {
        var differs = new bool[items.Count];
        await Parallel.ForAsync(
            0,
            items.Count,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                var (entry, _, there) = items[i];
                counters.AddFile(entry.Size);
                differs[i] = there is null || !await check.IsEqualAsync(entry, there, token);
            });
        return [.. items.Where((_, i) => differs[i])];
    }
}
