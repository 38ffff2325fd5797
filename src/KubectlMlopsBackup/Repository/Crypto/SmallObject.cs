using System.Buffers.Binary;
using System.Security.Cryptography;
using KubectlMlopsBackup.Repository.Packs;

namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>Objects that are one frame: everything but packs (docs/repository-format.md, "Objects").</summary>
internal static class SmallObject
{
    /// <summary>An index of a million chunks has 41 MB; nothing honest comes near this.</summary>
    public const int MaxSize = 512 << 20;

    private const int CompressFrom = 4096;

    public static byte[] Encode(WritingSession session, ObjectKind kind, ReadOnlySpan<byte> content) =>
        Seal(session, kind, EncodeBody(content, compress: content.Length >= CompressFrom));

    /// <summary>The same bytes for the same content, so that two who write it write one object.</summary>
    public static byte[] EncodeSame(RepositorySecrets secrets, ObjectKind kind, ReadOnlySpan<byte> content)
    {
        var body = EncodeBody(content, compress: content.Length >= CompressFrom);
        return Seal(WritingSession.For(secrets, kind, body), kind, body);
    }

    /// <param name="maxContent">Bytes; a hostile object may decompress to more than memory holds.</param>
    /// <exception cref="RepositoryDamagedException">Not what its header and name say.</exception>
    public static byte[] Decode(RepositorySecrets secrets, string key, ObjectKind kind, byte[] bytes, int maxContent = MaxSize)
    {
        var salt = ObjectHeader.Read(bytes, key, kind, secrets.Encrypted);
        using var cipher = new FrameCipher(secrets, kind, salt);
        try
        {
            return DecodeBody(key, cipher.Open(bytes.AsMemory(ObjectHeader.Size)).Span, maxContent);
        }
        catch (CryptographicException e)
        {
            throw new RepositoryDamagedException(key, "cannot be decrypted: it was changed", e);
        }
    }

    /// <summary>Encoding byte, length, content: also the form of a pack's directory.</summary>
    public static byte[] EncodeBody(ReadOnlySpan<byte> content, bool compress)
    {
        if (compress)
        {
            using var codec = new Codec(CompressionLevel.Default);
            var packed = new byte[5 + Codec.Bound(content.Length)];
            var length = codec.Compress(content, packed.AsSpan(5));
            if (length < content.Length)
            {
                packed[0] = (byte)ChunkEncoding.Zstd;
                BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(1), content.Length);
                return packed[..(length + 5)];
            }
        }

        var plain = new byte[5 + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(plain.AsSpan(1), content.Length);
        content.CopyTo(plain.AsSpan(5));
        return plain;
    }

    public static byte[] DecodeBody(string key, ReadOnlySpan<byte> body, int maxContent = MaxSize)
    {
        if (body.Length < 5)
        {
            throw new RepositoryDamagedException(key, "is too short");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(body[1..]);
        if (length < 0 || length > maxContent)
        {
            throw new RepositoryDamagedException(key, $"claims a content of {length} bytes");
        }

        var content = body[5..];
        switch ((ChunkEncoding)body[0])
        {
            case ChunkEncoding.Plain when content.Length == length:
                return content.ToArray();
            case ChunkEncoding.Zstd:
                using (var codec = new Codec(CompressionLevel.Default))
                {
                    var plain = new byte[length];
                    if (!codec.TryDecompress(content, plain))
                    {
                        throw new RepositoryDamagedException(key, "cannot be decompressed to the length it claims");
                    }

                    return plain;
                }

            default:
                throw new RepositoryDamagedException(key, "has an unknown encoding or a wrong length");
        }
    }

    private static byte[] Seal(WritingSession session, ObjectKind kind, byte[] body)
    {
        using var cipher = session.Cipher(kind);
        var bytes = new byte[ObjectHeader.Size + body.Length + cipher.Overhead];
        ObjectHeader.Write(bytes, kind, session.Secrets.Encrypted, session.Salt);
        cipher.Seal(body, bytes.AsSpan(ObjectHeader.Size), session.NextCounter());
        return bytes;
    }
}
