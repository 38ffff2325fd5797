namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>The first 24 bytes of an object (docs/repository-format.md, "Objects").</summary>
internal static class ObjectHeader
{
    public const int Size = 24;
    public const int SaltSize = 16;

    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "MLOB"u8;

    public static void Write(Span<byte> header, ObjectKind kind, bool encrypted, ReadOnlySpan<byte> salt)
    {
        header[..Size].Clear();
        Magic.CopyTo(header);
        header[4] = Version;
        header[5] = (byte)kind;
        header[6] = encrypted ? (byte)1 : (byte)0;
        salt.CopyTo(header[8..]);
    }

    /// <returns>The salt; empty where the object is not encrypted.</returns>
    /// <exception cref="RepositoryDamagedException">Not such an object.</exception>
    public static byte[] Read(ReadOnlySpan<byte> bytes, string key, ObjectKind kind, bool encrypted)
    {
        if (bytes.Length < Size || !bytes.StartsWith(Magic))
        {
            throw new RepositoryDamagedException(key, "not an object of a repository (no MLOB header)");
        }

        if (bytes[4] != Version)
        {
            throw new RepositoryDamagedException(key, $"object version {bytes[4]}, this program reads {Version}");
        }

        if (bytes[5] != (byte)kind || bytes[6] != (encrypted ? 1 : 0) || bytes[7] != 0)
        {
            throw new RepositoryDamagedException(key, $"its header is not that of an object of kind {kind}");
        }

        return encrypted ? bytes.Slice(8, SaltSize).ToArray() : [];
    }
}
