using System.Security.Cryptography;
using KubectlMlopsBackup.Repository.Crypto;

namespace KubectlMlopsBackup.Repository.Packs;

/// <summary>Turns a frame back into a chunk, and proves that it is the chunk that was asked for.</summary>
internal static class ChunkFrame
{
    /// <param name="cipher">Of the pack that holds the frame.</param>
    /// <param name="codec">This thread's.</param>
    /// <param name="frame">Overwritten when it is decrypted.</param>
    /// <param name="chunk">What the directory or the index says of it.</param>
    /// <param name="content">Of the chunk's length.</param>
    /// <param name="key">For messages: the pack.</param>
    /// <exception cref="RepositoryDamagedException">It is not that chunk.</exception>
    public static void Open(
        FrameCipher cipher, Codec codec, Memory<byte> frame, in PackedChunk chunk, Span<byte> content, string key)
    {
        try
        {
            Unpack(cipher, codec, frame, chunk, content, key);
        }
        catch (CryptographicException e)
        {
            throw new RepositoryDamagedException(key, $"chunk {chunk.Id} cannot be decrypted: it was changed", e);
        }

        Prove(chunk.Id, content, key);
    }

    /// <exception cref="RepositoryDamagedException">It is not that chunk.</exception>
    public static void Prove(ChunkId id, ReadOnlySpan<byte> content, string key)
    {
        if (ChunkId.Of(content) != id)
        {
            throw new RepositoryDamagedException(key, $"chunk {id} has other content than its hash says");
        }
    }

    private static void Unpack(
        FrameCipher cipher, Codec codec, Memory<byte> frame, in PackedChunk chunk, Span<byte> content, string key)
    {
        if (chunk.Encoding == ChunkEncoding.Zstd)
        {
            if (!codec.TryDecompress(cipher.Open(frame).Span, content))
            {
                throw new RepositoryDamagedException(key, $"chunk {chunk.Id} does not decompress to its length");
            }
        }
        else if (frame.Length == content.Length + cipher.Overhead)
        {
            cipher.Open(frame.Span, content);
        }
        else
        {
            throw new RepositoryDamagedException(key, $"chunk {chunk.Id} has another length than the index says");
        }
    }
}
