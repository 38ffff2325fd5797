using System.Formats.Tar;
using System.Text;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>The objects of a configuration snapshot.</summary>
internal static class ConfigFiles
{
    /// <summary>In an archive: what the backup could not read, a line each. No object has such a path.</summary>
    public const string Note = "_not-in-the-backup.txt";

    private const string Separator = ": ";

    /// <returns>Null where the backup could read all.</returns>
    public static (string Name, byte[] Content)? NoteOf(Snapshot snapshot) => Missing(snapshot) is { Count: > 0 } missing
        ? (Note, Encoding.UTF8.GetBytes(string.Concat(missing.Select(p => $"{PlainText.Clean($"{p.Path}{Separator}{p.Reason}")}\n"))))
        : null;

    private static List<Problem> Missing(Snapshot snapshot) =>
    [
        .. snapshot.Problems,
        .. snapshot.ProblemCount > snapshot.Problems.Count ? [new Problem("and more", $"{snapshot.ProblemCount - snapshot.Problems.Count} others")] : Array.Empty<Problem>(),
    ];

    private static IEnumerable<Problem> MissingOf(byte[] note) => Encoding.UTF8.GetString(note).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(Separator, 2)).Select(parts => new Problem(parts[0], parts.Length > 1 ? parts[1] : ""));

    /// <summary>From a repository.</summary>
    /// <exception cref="Repository.RepositoryDamagedException">The tree or a chunk is damaged.</exception>
    /// <exception cref="InvalidDataException">It holds more than any cluster has.</exception>
    public static async Task<ConfigReading> ReadAsync(ChunkReader reader, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var reading = new ConfigReading { NotInBackup = Missing(snapshot) };
        await using var tree = new TreeReader(reader, snapshot.Tree, $"snapshot {snapshot.ShortId}", cancellationToken);
        while (await tree.ReadAsync() is { } entry)
        {
            if (entry.Type == EntryType.Directory)
            {
                continue;
            }

            var path = entry.DisplayPath;
            if (entry.Type != EntryType.File)
            {
                reading.Skip(path, "it is no file");
            }
            else if (reading.Fits(path, entry.Size))
            {
                await using var content = new ContentStream(reader, entry, cancellationToken);
                reading.Add(Encoding.UTF8.GetString(entry.Path), await WholeAsync(content, cancellationToken));
            }
        }

        return reading;
    }

    /// <summary>From a tar archive, as <c>export config</c> streams it.</summary>
    /// <exception cref="InvalidDataException">It is no archive, or holds more than any cluster has.</exception>
    public static async Task<ConfigReading> ReadTarAsync(Stream archive, CancellationToken cancellationToken)
    {
        var reading = new ConfigReading();
        await using var tar = new TarReader(archive, leaveOpen: true);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.EntryType == TarEntryType.Directory)
            {
                continue;
            }

            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                reading.Skip(entry.Name, "it is no file");
            }
            else if (!reading.Fits(entry.Name, entry.Length))
            {
                continue;
            }
            else if (entry.Name == Note)
            {
                reading.NotInBackup = [.. MissingOf(entry.DataStream is { } note ? await WholeAsync(note, cancellationToken) : [])];
            }
            else
            {
                reading.Add(entry.Name, entry.DataStream is { } content ? await WholeAsync(content, cancellationToken) : []);
            }
        }

        return reading;
    }

    private static async Task<byte[]> WholeAsync(Stream content, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        await content.CopyToAsync(whole, cancellationToken);
        return whole.ToArray();
    }
}
