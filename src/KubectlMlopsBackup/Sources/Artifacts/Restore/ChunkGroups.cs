using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>
/// Puts small files in the order of the chunks that hold them, a window of a tree at a time. A file that equals an earlier one lies in
/// that one's bundle: taken in the order of paths, a whole bundle would be fetched for it, and each of them again and again.
/// </summary>
internal sealed class ChunkGroups<T>(Func<T, TreeEntry> entryOf)
{
    /// <summary>Files that are held, at some 400 bytes each.</summary>
    private const int Window = 32 << 10;

    /// <summary>So many make a batch, if their chunks have as many.</summary>
    private const int FewestFiles = 64;
    private const int MostFiles = 512;

    private readonly Dictionary<ChunkId, List<T>> groups = [];
    private int count;

    public bool IsFull => count >= Window;

    public void Add(T file)
    {
        var id = entryOf(file).Segments is [var first, ..] ? first.Chunk : default;
        if (!groups.TryGetValue(id, out var group))
        {
            groups.Add(id, group = []);
        }

        group.Add(file);
        count++;
    }

    /// <returns>All that was added, in batches that are to be worked on by one worker each.</returns>
    public IEnumerable<IReadOnlyList<T>> Drain()
    {
        var batch = new List<T>();
        foreach (var part in groups.Values.SelectMany(group => group.Chunk(MostFiles)))
        {
            batch.AddRange(part);
            if (batch.Count >= FewestFiles)
            {
                yield return batch;
                batch = [];
            }
        }

        groups.Clear();
        count = 0;
        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
