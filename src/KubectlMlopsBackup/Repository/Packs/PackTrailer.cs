using System.Buffers.Binary;
using System.Security.Cryptography;
using KubectlMlopsBackup.Repository.Crypto;

namespace KubectlMlopsBackup.Repository.Packs;

/// <summary>The end of a pack: its directory, the directory's length, <c>MLOE</c>.</summary>
internal static class PackTrailer
{
    public const int Size = 8;

    public static ReadOnlySpan<byte> Magic => "MLOE"u8;

    /// <summary>Reads a pack's own directory out of its whole content.</summary>
    /// <exception cref="RepositoryDamagedException">Not a whole pack.</exception>
    public static PackInfo Parse(RepositorySecrets secrets, ChunkId id, ObjectKind kind, ReadOnlySpan<byte> pack)
    {
        var key = PackKey.Of(id);
        var salt = ObjectHeader.Read(pack, key, kind, secrets.Encrypted);
        var trailer = pack[Math.Max(0, pack.Length - Size)..];
        if (pack.Length < ObjectHeader.Size + Size || !trailer[4..].SequenceEqual(Magic))
        {
            throw new RepositoryDamagedException(key, "has no end: it was cut off");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        if (length <= 0 || length > pack.Length - ObjectHeader.Size - Size)
        {
            throw new RepositoryDamagedException(key, "its directory has an impossible length");
        }

        var frame = pack.Slice(pack.Length - Size - length, length).ToArray();
        using var cipher = new FrameCipher(secrets, kind, salt);
        try
        {
            var lines = SmallObject.DecodeBody(key, cipher.Open(frame).Span);
            return new PackInfo(id, kind, salt, pack.Length, PackDirectory.Read(lines, key));
        }
        catch (CryptographicException e)
        {
            throw new RepositoryDamagedException(key, "its directory cannot be decrypted: it was changed", e);
        }
    }
}
