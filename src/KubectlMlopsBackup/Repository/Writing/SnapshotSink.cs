using KubectlMlopsBackup.Repository.Chunking;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>Takes a few files by stream, such as a dump, and writes their tree at the end. Safe for concurrent use.</summary>
internal sealed class SnapshotSink(RepositoryWriter writer, Chunker chunker, TimeProvider clock) : ISnapshotSink
{
    private const int FileMode = 0x180; // rw-------

    private readonly StreamChunker stream = new(writer, chunker, writer.Slabs, ObjectKind.DataPack);
    private readonly Lock gate = new();
    private readonly List<(TreeEntry Entry, PendingContent Content)> files = [];
    private long bytes;

    public int Count => files.Count;

    /// <summary>Of all files so far.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    public async Task<StoredFile> WriteFileAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, writer.Stopping);
        var pending = new PendingContent();
        var size = await stream.RunAsync(
            async buffer =>
            {
                var count = await content.ReadAsync(buffer, stop.Token);
                Interlocked.Add(ref bytes, count);
                return count;
            },
            pending);
        pending.Close();
        var entry = new TreeEntry
        {
            Type = EntryType.File,
            Path = System.Text.Encoding.UTF8.GetBytes(path),
            Mode = FileMode,
            ModifiedNanoseconds = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000,
            Size = size,
        };
        lock (gate)
        {
            files.Add((entry, pending));
        }

        return new StoredFile(size);
    }

    /// <summary>Writes the tree's entries. No file may come after.</summary>
    public async Task WriteTreeAsync(TreeWriter tree)
    {
        foreach (var (entry, content) in files.OrderBy(f => f.Entry, Comparer<TreeEntry>.Create(TreePath.Compare)))
        {
            await tree.AddAsync(entry with { Segments = await content.Completion.WaitAsync(writer.Stopping) });
        }
    }
}
