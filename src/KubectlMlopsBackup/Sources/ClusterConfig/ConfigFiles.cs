using System.Formats.Tar;
using System.Text;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>The objects of a configuration snapshot.</summary>
internal static class ConfigFiles
{
    /// <summary>From a repository.</summary>
    /// <exception cref="Repository.RepositoryDamagedException">The tree or a chunk is damaged.</exception>
    /// <exception cref="InvalidDataException">It holds more than any cluster has.</exception>
    public static async Task<ConfigReading> ReadAsync(ChunkReader reader, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var reading = new ConfigReading();
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
            else if (reading.Fits(entry.Name, entry.Length))
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
