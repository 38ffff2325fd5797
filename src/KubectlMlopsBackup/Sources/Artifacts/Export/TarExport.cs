using System.Formats.Tar;
using System.Text;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.Sources.Artifacts.Export;

/// <summary>Writes a snapshot as a tar archive (PAX), streamed, in the order of its tree.</summary>
internal static class TarExport
{
    /// <param name="reader">The repository.</param>
    /// <param name="snapshot">Of artifacts.</param>
    /// <param name="filter">What of it.</param>
    /// <param name="output">Gets the archive, and is left open. What it got before an exception is not complete.</param>
    /// <param name="counters">Files and bytes so far.</param>
    /// <param name="note">A file that comes first, and is not of the snapshot; null for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Entries that a tar cannot hold as they are.</returns>
    public static async Task<IReadOnlyList<Problem>> RunAsync(
        ChunkReader reader,
        Snapshot snapshot,
        PathFilter filter,
        Stream output,
        RestoreCounters counters,
        (string Name, byte[] Content)? note,
        CancellationToken cancellationToken)
    {
        var problems = new BackupProblems();
        var objects = new S3EntryFiles(problems);
        using var memory = new ChunkMemory(reader);
        await using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        if (note is var (name, text))
        {
            using var content = new MemoryStream(text, writable: false);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { ModificationTime = snapshot.Time, DataStream = content }, cancellationToken);
        }

        await using var tree = new TreeReader(
            reader, snapshot.Tree, $"snapshot {snapshot.ShortId}", cancellationToken);
        while (await tree.ReadAsync() is { } stored)
        {
            if (stored.Path.Length == 0 || !filter.Selects(stored.Path) || objects.Convert(stored) is not { } entry)
            {
                continue;
            }

            // PAX headers are UTF-8: other names go in as a tree writes them, and are told.
            if (!System.Text.Unicode.Utf8.IsValid(entry.Path))
            {
                problems.Add(entry.Path, "its name is not UTF-8: it is in the archive as written here");
            }

            await using var content = await OpenAsync(reader, memory, entry, cancellationToken);
            await tar.WriteEntryAsync(Header(entry, content), cancellationToken);
            counters.AddFile(entry.Size);
        }

        return problems.Named();
    }

    private static PaxTarEntry Header(TreeEntry entry, Stream? content)
    {
        var type = entry.Type switch
        {
            EntryType.Directory => TarEntryType.Directory,
            EntryType.SymbolicLink => TarEntryType.SymbolicLink,
            EntryType.HardLink => TarEntryType.HardLink,
            _ => TarEntryType.RegularFile,
        };
        var name = Name(entry.Path) + (entry.Type == EntryType.Directory ? "/" : "");
        var header = new PaxTarEntry(type, name)
        {
            Mode = (UnixFileMode)entry.Mode,
            Uid = (int)entry.Uid,
            Gid = (int)entry.Gid,
            ModificationTime = DateTimeOffset.UnixEpoch.AddTicks(entry.ModifiedNanoseconds / TimeSpan.NanosecondsPerTick),
        };
        if (entry.Target is not null)
        {
            header.LinkName = Name(entry.Target);
        }

        if (content is not null)
        {
            header.DataStream = content;
        }

        return header;
    }

    private static async ValueTask<Stream?> OpenAsync(
        ChunkReader reader, ChunkMemory memory, TreeEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Type != EntryType.File)
        {
            return null;
        }

        // Neighbours share a chunk: it is read once for all of them.
        if (entry.Segments is [{ IsHole: false } only] && entry.ContentHash != default)
        {
            var chunk = await memory.ReadAsync(only.Chunk, cancellationToken);
            return new MemoryStream(chunk.Slice(only.Offset, (int)only.Length).ToArray(), writable: false);
        }

        return new KnownLengthStream(new ContentStream(reader, entry, cancellationToken), entry.Size);
    }

    private static string Name(byte[] path) =>
        System.Text.Unicode.Utf8.IsValid(path) ? Encoding.UTF8.GetString(path) : TreePath.Escape(path);
}
