using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Repository.Writing;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>Reads the files of a bundle into one buffer and stores it as one chunk. Safe for concurrent use.</summary>
internal sealed class BundleWriter(
    IArtifactSource source, RepositoryWriter writer, SlabPool slabs, SmallFileCache cache, BackupCounters counters)
{
    /// <returns>Files that are not small any more, or could not be read whole: to be read one by one.</returns>
    public async Task<IReadOnlyList<PendingEntry>> WriteAsync(Bundle bundle)
    {
        var slab = await slabs.RentAsync(writer.Stopping);
        try
        {
            var read = await ReadAsync(bundle, slab);
            var target = Compact(slab.Buffer, read, out var length);
            if (length > 0)
            {
                slab.AddReference();
                var job = new ChunkJob(slab, 0, length, ObjectKind.DataPack, target, 0) { IsBundle = true };
                try
                {
                    await writer.EnqueueAsync(job);
                }
                catch
                {
                    slab.Release();
                    throw;
                }
            }

            return [.. read.Where(r => r.Entry is null).Select(r => r.File)];
        }
        finally
        {
            slab.Release();
        }
    }

    private async Task<ReadFile[]> ReadAsync(Bundle bundle, Slab slab)
    {
        var read = new ReadFile[bundle.Files.Count];
        var offset = 0;
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = new ReadFile(bundle.Files[i], offset);
            offset += (int)bundle.Files[i].Item.Entry.Size;
        }

        if (source.SmallReadsAtOnce == 1)
        {
            foreach (var file in read)
            {
                await ReadAsync(file, slab.Buffer);
            }
        }
        else
        {
            await Parallel.ForEachAsync(
                read,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = source.SmallReadsAtOnce,
                    CancellationToken = writer.Stopping,
                },
                async (file, _) => await ReadAsync(file, slab.Buffer));
        }

        return read;
    }

    private async ValueTask ReadAsync(ReadFile file, byte[] buffer)
    {
        var size = (int)file.File.Item.Entry.Size;
        try
        {
            await using var open = await source.OpenAsync(file.File.Item, writer.Stopping);
            if (open.Entry.Size != size || open.NextStretch() != 0)
            {
                return;
            }

            var filled = 0;
            while (filled < size)
            {
                var count = await open.ReadAsync(buffer.AsMemory(file.Offset + filled, size - filled), writer.Stopping);
                if (count == 0)
                {
                    return;
                }

                filled += count;
            }

            if (await open.IsUnchangedAsync(writer.Stopping))
            {
                counters.AddRead(size);
                file.Entry = open.Entry with { ContentHash = ChunkId.Of(buffer.AsSpan(file.Offset, size)) };
            }
        }
        catch (IOException)
        {
            // Read again alone, where the failure gets its name.
        }
    }

    /// <summary>Moves together what must be stored, and finishes what is stored already.</summary>
    private BundleTarget Compact(byte[] buffer, ReadFile[] read, out int length)
    {
        var target = new BundleTarget(cache);
        var here = new Dictionary<ChunkId, int>();
        length = 0;
        foreach (var file in read)
        {
            if (file.Entry is not { } entry)
            {
                continue;
            }

            var size = (int)entry.Size;
            if (size == 0)
            {
                file.File.Complete(entry with { ContentHash = default });
                continue;
            }

            if (cache.TryFind(entry.ContentHash, out var where) && where.Length == size && writer.Has(where.Chunk))
            {
                file.File.Complete(entry with { Segments = [where] });
                continue;
            }

            if (!here.TryGetValue(entry.ContentHash, out var offset))
            {
                offset = length;
                here.Add(entry.ContentHash, offset);
                buffer.AsSpan(file.Offset, size).CopyTo(buffer.AsSpan(offset));
                length += size;
            }

            target.Add(file.File, entry, offset);
        }

        return target;
    }

    private sealed class ReadFile(PendingEntry file, int offset)
    {
        public PendingEntry File { get; } = file;

        public int Offset { get; } = offset;

        /// <summary>Null until it was read whole.</summary>
        public TreeEntry? Entry { get; set; }
    }

    private sealed class BundleTarget(SmallFileCache cache) : IChunkTarget
    {
        private readonly List<(PendingEntry File, TreeEntry Entry, int Offset)> files = [];

        public void Add(PendingEntry file, TreeEntry entry, int offset) => files.Add((file, entry, offset));

        public void Stored(int ticket, ChunkId id, int length)
        {
            foreach (var (file, entry, offset) in files)
            {
                var where = new Segment(id, offset, entry.Size);
                cache.Add(entry.ContentHash, where);
                file.Complete(entry with { Segments = [where] });
            }
        }
    }
}
