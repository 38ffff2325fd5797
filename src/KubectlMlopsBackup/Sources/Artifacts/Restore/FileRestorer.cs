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

    /// <summary>Until the metadata is applied.</summary>
    private const uint OwnerOnly = 0x180;

    private readonly ChunkReader reader;
    private readonly ChunkMemory memory;
    private readonly Descriptor staging;
    private readonly TargetFolder folders;
    private readonly Metadata metadata;
    private readonly RestoreCounters counters;
    private readonly byte[] stagingName;
    private readonly int readAhead;
    private readonly DirectWriter direct = new();
    private bool lacksDirect;

    /// <summary>Bytes of the file being staged directly that are counted as written; taken back where the disk refuses it in the end.</summary>
    private long countedDirect;

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

        if (!await TryStageDirectAsync(entry, same, cancellationToken))
        {
            using var file = staging.CreateFile(stagingName, OwnerOnly);
            await OrDeleteAsync(() => StageAsync(file, entry, existing, same, cancellationToken));
        }

        staging.Rename(stagingName, parent, name);
        counters.AddWrittenFile();
    }

    public void Dispose()
    {
        direct.Dispose();
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

    /// <summary>Whatever goes wrong with the staged file, it does not stay.</summary>
    private async Task OrDeleteAsync(Func<Task> stage)
    {
        try
        {
            await stage();
        }
        catch
        {
            staging.Delete(stagingName, isDirectory: false);
            throw;
        }
    }

    /// <returns>False where the file, or the disk, is not made for it.</returns>
    private async Task<bool> TryStageDirectAsync(TreeEntry entry, bool[]? same, CancellationToken cancellationToken)
    {
        if (lacksDirect || same is not null || entry.Size < DirectWriter.FilesFrom || entry.Segments.Any(s => s.IsHole))
        {
            return false;
        }

        using var file = staging.TryCreateDirectFile(stagingName, OwnerOnly);
        if (file is null)
        {
            lacksDirect = true;
            return false;
        }

        countedDirect = 0;
        try
        {
            await OrDeleteAsync(() => StageDirectAsync(file, entry, cancellationToken));
            return true;
        }
        catch (PosixException e) when (e.IsInvalid)
        {
            lacksDirect = true;
            counters.AddWritten(-countedDirect);
            return false;
        }
    }

    private async Task StageDirectAsync(Descriptor file, TreeEntry entry, CancellationToken cancellationToken)
    {
        direct.Begin(file);
        await using var chunks = new ReadAhead(reader, entry.Segments.Select(s => s.Chunk), readAhead, cancellationToken);
        foreach (var segment in entry.Segments)
        {
            using var chunk = await NextAsync(chunks);
            direct.Append(Part(chunk.Content, segment, entry).Span);
            counters.AddWritten(segment.Length);
            countedDirect += segment.Length;
        }

        direct.Finish();
        metadata.Apply(file, entry);
    }

    private async Task StageAsync(
        Descriptor file, TreeEntry entry, Descriptor? existing, bool[]? same, CancellationToken cancellationToken)
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
                using var chunk = await NextAsync(chunks);
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
        file.Write(Part(chunk, segment, entry).Span, offset);
        counters.AddWritten(segment.Length);
    }

    private static async ValueTask<RentedChunk> NextAsync(ReadAhead chunks) =>
        await chunks.NextAsync() ?? throw new InvalidOperationException("the read-ahead ended before the file");

    private static ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> chunk, Segment segment, TreeEntry entry) =>
        segment.Offset + segment.Length <= chunk.Length
            ? chunk.Slice(segment.Offset, (int)segment.Length)
            : throw new RepositoryDamagedException($"chunk {segment.Chunk}", $"is shorter than {entry.DisplayPath} says");

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
