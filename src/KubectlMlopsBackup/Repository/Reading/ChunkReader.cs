using System.Buffers;
using System.Collections.Concurrent;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Packs;

namespace KubectlMlopsBackup.Repository.Reading;

/// <summary>Reads chunks by id, and proves each by its hash. Safe for concurrent use.</summary>
internal sealed class ChunkReader(BackupRepository repository, ChunkIndex index) : IDisposable
{
    private readonly ConcurrentBag<Codec> codecs = [];

    public ChunkIndex Index { get; } = index;

    public int Parallelism => repository.Store.Parallelism;

    /// <summary>Where one pack's copy is damaged, another pack's is taken.</summary>
    /// <exception cref="RepositoryDamagedException">Not indexed, or every copy is missing or not what its hash says.</exception>
    public async Task<RentedChunk> ReadAsync(ChunkId id, CancellationToken cancellationToken)
    {
        if (!Index.TryFind(id, out var location))
        {
            throw new RepositoryDamagedException("index/", $"chunk {id} is in no index");
        }

        try
        {
            return await ReadAsync(id, location, cancellationToken);
        }
        catch (RepositoryDamagedException) when (Index.OthersOf(id).Count > 0)
        {
            return await ReadOtherAsync(id, cancellationToken);
        }
    }

    public void Dispose()
    {
        while (codecs.TryTake(out var codec))
        {
            codec.Dispose();
        }
    }

    private async Task<RentedChunk> ReadOtherAsync(ChunkId id, CancellationToken cancellationToken)
    {
        var others = Index.OthersOf(id);
        for (var i = 0; ; i++)
        {
            try
            {
                return await ReadAsync(id, others[i], cancellationToken);
            }
            catch (RepositoryDamagedException) when (i + 1 < others.Count)
            {
                // The next one.
            }
        }
    }

    private async Task<RentedChunk> ReadAsync(ChunkId id, ChunkLocation location, CancellationToken cancellationToken)
    {
        var pack = Index.PackOf(location);
        var content = ArrayPool<byte>.Shared.Rent(location.Length);
        try
        {
            // A frame that is the plain bytes needs no buffer of its own.
            if (!repository.Config.Encrypted
                && location.Encoding == ChunkEncoding.Plain && location.FrameLength == location.Length)
            {
                await ReadFrameAsync(pack.Key, location.Offset, content.AsMemory(0, location.Length), cancellationToken);
                ChunkFrame.Prove(id, content.AsSpan(0, location.Length), pack.Key);
            }
            else
            {
                await ReadAndOpenAsync(id, location, pack, content, cancellationToken);
            }

            return new RentedChunk(content, location.Length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(content);
            throw;
        }
    }

    private async Task ReadAndOpenAsync(
        ChunkId id, ChunkLocation location, PackSummary pack, byte[] content, CancellationToken cancellationToken)
    {
        var frame = ArrayPool<byte>.Shared.Rent(location.FrameLength);
        try
        {
            var memory = frame.AsMemory(0, location.FrameLength);
            await ReadFrameAsync(pack.Key, location.Offset, memory, cancellationToken);
            Open(pack, memory, location.As(id), content);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    private async Task ReadFrameAsync(
        string key, long offset, Memory<byte> frame, CancellationToken cancellationToken)
    {
        try
        {
            if (await repository.Store.ReadAsync(key, offset, frame, cancellationToken) != frame.Length)
            {
                throw new RepositoryDamagedException(key, "is shorter than the index says");
            }
        }
        catch (Storage.ObjectNotFoundException e)
        {
            throw new RepositoryDamagedException(key, "is missing", e);
        }
    }

    private void Open(PackSummary pack, Memory<byte> frame, PackedChunk chunk, byte[] content)
    {
        if (!codecs.TryTake(out var codec))
        {
            codec = new Codec(CompressionLevel.None);
        }

        try
        {
            using var cipher = new FrameCipher(repository.Secrets, pack.Kind, pack.Salt);
            ChunkFrame.Open(cipher, codec, frame, chunk, content.AsSpan(0, chunk.Length), pack.Key);
        }
        finally
        {
            codecs.Add(codec);
        }
    }
}
