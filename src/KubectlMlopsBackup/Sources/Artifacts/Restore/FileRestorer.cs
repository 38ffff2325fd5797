using System.Buffers;
using System.Text;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>
/// Puts files in their place: left alone where equal, else written beside and moved over, so that a name always has a
/// whole file behind it. For one thread.
/// </summary>
internal sealed class FileRestorer : IDisposable
{
    /// <summary>
    /// Bytes after which writing to the disk is begun early, so that it goes on beside the rest of the restore; for less the call costs more
    /// than it brings.
    /// </summary>
    private const long WritebackStep = 8 << 20;
    private const long WritebackFrom = 1 << 20;

    private readonly ChunkReader reader;
    private readonly ChunkMemory memory;
    private readonly Descriptor staging;
    private readonly TargetFolder folders;
    private readonly Metadata metadata;
    private readonly RestoreCounters counters;
    private readonly byte[] stagingName;
    private readonly int readAhead;

    /// <param name="number">Of this worker: names its file in the staging folder.</param>
    public FileRestorer(
        ChunkReader reader, Descriptor root, Descriptor staging, Metadata metadata, RestoreCounters counters, int number)
    {
        this.reader = reader;
        this.staging = staging;
        this.metadata = metadata;
        this.counters = counters;
        memory = new ChunkMemory(reader);
        folders = new TargetFolder(root);
        stagingName = Encoding.ASCII.GetBytes($"file-{number}");
        readAhead = Math.Min(4, reader.Parallelism);
    }

    public async Task RestoreAsync(TreeEntry entry, CancellationToken cancellationToken)
    {
        counters.AddFile(entry.Size);
        var parent = folders.ParentOf(entry.Path);
        var name = TargetFolder.NameOf(entry.Path).ToArray();
        using var existing = OpenExisting(parent, name);
        var same = existing is null ? null : FileDelta.Compare(existing, entry, reader.Index, cancellationToken);
        if (existing is not null && same is null)
        {
            metadata.Apply(existing, entry);
            return;
        }

        await StageAsync(entry, existing, same, cancellationToken);
        staging.Rename(stagingName, parent, name);
        counters.AddWrittenFile();
    }

    public void Dispose()
    {
        memory.Dispose();
        folders.Dispose();
    }

    /// <returns>The regular file of that name with no other name, or null; what else has the name is taken out of the way.</returns>
    private static Descriptor? OpenExisting(Descriptor parent, byte[] name)
    {
        if (!parent.TryStatusOf(name, out var status))
        {
            return null;
        }

        if (status.IsDirectory)
        {
            DirectoryRemoval.Run(parent, name);
            return null;
        }

        // A file of several names is not compared but replaced: writing its times would change the others.
        return status.IsRegular && status.LinkCount == 1 ? TryOpen(parent, name) : null;
    }

    private static Descriptor? TryOpen(Descriptor parent, byte[] name)
    {
        try
        {
            return parent.OpenFile(name);
        }
        catch (PosixException)
        {
            // Unreadable is as good as different.
            return null;
        }
    }

    private async Task StageAsync(
        TreeEntry entry, Descriptor? existing, bool[]? same, CancellationToken cancellationToken)
    {
        using var file = staging.CreateFile(stagingName, 0x180);
        try
        {
            if (entry.Segments is [{ IsHole: false } only] && only.Length < Backup.Bundle.FilesBelow)
            {
                Write(file, only, await memory.ReadAsync(only.Chunk, cancellationToken), 0, entry);
            }
            else
            {
                await StageLargeAsync(file, entry, existing, same, cancellationToken);
            }

            metadata.Apply(file, entry);
        }
        catch
        {
            staging.Delete(stagingName, isDirectory: false);
            throw;
        }
    }

    private async Task StageLargeAsync(
        Descriptor file, TreeEntry entry, Descriptor? existing, bool[]? same, CancellationToken cancellationToken)
    {
        var fetch = entry.Segments.Where((s, i) => !s.IsHole && same?[i] != true).Select(s => s.Chunk);
        await using var chunks = new ReadAhead(reader, fetch, readAhead, cancellationToken);
        var offset = 0L;
        var begun = 0L;
        for (var i = 0; i < entry.Segments.Count; i++)
        {
            var segment = entry.Segments[i];
            if (offset - begun >= WritebackStep)
            {
                file.StartWriteback(begun, offset - begun);
                begun = offset;
            }

            if (same?[i] == true)
            {
                Copy(existing!, file, offset, (int)segment.Length);
            }
            else if (!segment.IsHole)
            {
                using var chunk = await chunks.NextAsync()
                    ?? throw new InvalidOperationException("the read-ahead ended before the file");
                Write(file, segment, chunk.Content, offset, entry);
            }

            offset += segment.Length;
        }

        if (entry.Segments.Count > 0 && entry.Segments[^1].IsHole)
        {
            file.Truncate(entry.Size);
        }

        if (offset - begun >= WritebackFrom)
        {
            file.StartWriteback(begun, offset - begun);
        }
    }

    private void Write(Descriptor file, Segment segment, ReadOnlyMemory<byte> chunk, long offset, TreeEntry entry)
    {
        if (segment.Offset + segment.Length > chunk.Length)
        {
            throw new RepositoryDamagedException(
                $"chunk {segment.Chunk}", $"is shorter than {entry.DisplayPath} says");
        }

        file.Write(chunk.Span.Slice(segment.Offset, (int)segment.Length), offset);
        counters.AddWritten(segment.Length);
    }

    private static void Copy(Descriptor from, Descriptor to, long offset, int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (from.Read(buffer.AsSpan(0, length), offset) != length)
            {
                throw new IOException("a file was cut while it was restored over: is something still writing there?");
            }

            to.Write(buffer.AsSpan(0, length), offset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
