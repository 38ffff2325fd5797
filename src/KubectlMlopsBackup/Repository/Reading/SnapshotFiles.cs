using System.Text;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Repository.Reading;

/// <summary>The few files of a snapshot such as a dump's, in memory by name and read by stream.</summary>
internal sealed class SnapshotFiles : ISnapshotFiles
{
    /// <summary>A dump has four files; this is for trees that are small by their nature.</summary>
    private const int MostFiles = 10_000;

    private readonly ChunkReader reader;
    private readonly Dictionary<string, TreeEntry> files;

    private SnapshotFiles(ChunkReader reader, Dictionary<string, TreeEntry> files)
    {
        this.reader = reader;
        this.files = files;
    }

    public static async Task<SnapshotFiles> LoadAsync(
        ChunkReader reader, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var name = $"snapshot {snapshot.ShortId}";
        var files = new Dictionary<string, TreeEntry>(StringComparer.Ordinal);
        await using var tree = new TreeReader(reader, snapshot.Tree, name, cancellationToken);
        while (await tree.ReadAsync() is { } entry)
        {
            if (entry.Type == EntryType.File)
            {
                files.Add(Encoding.UTF8.GetString(entry.Path), entry);
            }

            if (files.Count > MostFiles)
            {
                throw new RepositoryDamagedException(name, "has more files than such a snapshot can have");
            }
        }

        return new SnapshotFiles(reader, files);
    }

    public Task<Stream> OpenAsync(string path, CancellationToken cancellationToken) =>
        files.TryGetValue(path, out var entry)
            ? Task.FromResult<Stream>(new ContentStream(reader, entry, cancellationToken))
            : throw new FileNotFoundException($"the snapshot has no file {path}");

    public long? SizeOf(string path) => files.TryGetValue(path, out var entry) ? entry.Size : null;
}
