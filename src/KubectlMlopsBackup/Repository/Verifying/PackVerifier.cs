using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Verifying;

/// <summary>Reads whole packs: their SHA-256, their directory against the index, every chunk. For one thread.</summary>
internal sealed class PackVerifier(BackupRepository repository) : IDisposable
{
    private readonly Codec codec = new(CompressionLevel.None);
    private byte[] buffer = [];
    private byte[] content = [];

    /// <returns>What is wrong, and the chunks that are lost by it; null where nothing is.</returns>
    public async Task<(Damage Damage, IReadOnlyList<ChunkId> Lost)?> VerifyAsync(
        PackInfo pack, CancellationToken cancellationToken)
    {
        try
        {
            if (buffer.Length < pack.Size)
            {
                // Rounded up: most packs are of nearly one size, and each array that is too small is garbage of 20 MiB.
                buffer = GC.AllocateUninitializedArray<byte>(((int)(pack.Size >> 22) + 1) << 22);
            }

            var read = await repository.Store.ReadAsync(
                pack.Key, 0, buffer.AsMemory(0, (int)pack.Size), cancellationToken);
            var bytes = buffer.AsMemory(0, read);
            if (ChunkId.Of(bytes.Span) != pack.Id)
            {
                return (new Damage(pack.Key, "its content is not what its name (a SHA-256) says"), LostChunks(pack, bytes));
            }

            CompareDirectory(pack, bytes.Span);
            var lost = LostChunks(pack, bytes);
            return lost.Count == 0
                ? null
                : (new Damage(pack.Key, $"{lost.Count} chunk(s) are not what their hash says, though the pack is what was written"), lost);
        }
        catch (ObjectNotFoundException)
        {
            return (new Damage(pack.Key, "is missing"), [.. pack.Chunks.Select(c => c.Id)]);
        }
        catch (RepositoryDamagedException e)
        {
            return (new Damage(e.Key, e.What), [.. pack.Chunks.Select(c => c.Id)]);
        }
    }

    public void Dispose() => codec.Dispose();

    private void CompareDirectory(PackInfo pack, ReadOnlySpan<byte> bytes)
    {
        var own = PackTrailer.Parse(repository.Secrets, pack.Id, pack.Kind, bytes);
        if (!own.Salt.AsSpan().SequenceEqual(pack.Salt) || !own.Chunks.SequenceEqual(pack.Chunks))
        {
            throw new RepositoryDamagedException(pack.Key, "its directory and the index do not agree");
        }
    }

    private List<ChunkId> LostChunks(PackInfo pack, Memory<byte> bytes)
    {
        var lost = new List<ChunkId>();
        using var cipher = new FrameCipher(repository.Secrets, pack.Kind, pack.Salt);
        var offset = ObjectHeader.Size;
        foreach (var chunk in pack.Chunks)
        {
            if (content.Length < chunk.Length)
            {
                content = GC.AllocateUninitializedArray<byte>(chunk.Length);
            }

            try
            {
                if (offset + chunk.FrameLength > bytes.Length)
                {
                    throw new RepositoryDamagedException(pack.Key, "is cut off");
                }

                ChunkFrame.Open(
                    cipher, codec, bytes.Slice(offset, chunk.FrameLength), chunk, content.AsSpan(0, chunk.Length), pack.Key);
            }
            catch (RepositoryDamagedException)
            {
                lost.Add(chunk.Id);
            }

            offset += chunk.FrameLength;
        }

        return lost;
    }
}
