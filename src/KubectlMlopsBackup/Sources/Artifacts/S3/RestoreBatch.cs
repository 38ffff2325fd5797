using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>Neighbours in a tree that are restored together; about what shares a chunk.</summary>
internal sealed class RestoreBatch
{
    private const int MostFiles = 512;
    private const long MostBytes = 1 << 20;

    private readonly List<RestoreWork> items = [];
    private long bytes;

    public bool IsFull => items.Count >= MostFiles || bytes >= MostBytes;

    public static RestoreBatch Of(RestoreWork work)
    {
        var batch = new RestoreBatch();
        batch.Add(work);
        return batch;
    }

    public void Add(RestoreWork work)
    {
        items.Add(work);
        bytes += work.Entry.Size;
    }

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
