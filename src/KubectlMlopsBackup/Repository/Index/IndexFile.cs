using System.Buffers.Binary;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Packs;

namespace KubectlMlopsBackup.Repository.Index;

/// <summary>The content of an index object (docs/repository-format.md, "Objects").</summary>
internal static class IndexFile
{
    public const string Prefix = "index/";

    private const int PackLine = ChunkId.Size + 1 + ObjectHeader.SaltSize + 8 + 4;

    public static byte[] Write(IReadOnlyCollection<PackInfo> packs)
    {
        var size = packs.Sum(p => PackLine + ((long)p.Chunks.Count * PackDirectory.LineSize));
        var bytes = new byte[checked((int)size)];
        var rest = bytes.AsSpan();
        foreach (var pack in packs)
        {
            pack.Id.CopyTo(rest);
            rest[32] = (byte)pack.Kind;
            pack.Salt.CopyTo(rest[33..]);
            BinaryPrimitives.WriteInt64LittleEndian(rest[49..], pack.Size);
            BinaryPrimitives.WriteInt32LittleEndian(rest[57..], pack.Chunks.Count);
            PackDirectory.Write(rest[PackLine..], pack.Chunks);
            rest = rest[(PackLine + (pack.Chunks.Count * PackDirectory.LineSize))..];
        }

        return bytes;
    }

    /// <exception cref="RepositoryDamagedException">Counts or sizes that do not fit.</exception>
    public static IEnumerable<PackInfo> Read(byte[] bytes, string key, bool encrypted)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var rest = bytes.AsSpan(at);
            if (rest.Length < PackLine)
            {
                throw new RepositoryDamagedException(key, "ends in the middle of a line");
            }

            var kind = (ObjectKind)rest[32];
            var size = BinaryPrimitives.ReadInt64LittleEndian(rest[49..]);
            var count = BinaryPrimitives.ReadInt32LittleEndian(rest[57..]);
            if (kind is not (ObjectKind.DataPack or ObjectKind.TreePack)
                || count < 0 || size is < 0 or > PackInfo.MaxSize || count > (rest.Length - PackLine) / PackDirectory.LineSize)
            {
                throw new RepositoryDamagedException(key, "names a pack of an impossible kind or size");
            }

            var length = count * PackDirectory.LineSize;
            var chunks = PackDirectory.Read(rest.Slice(PackLine, length), key);
            if (chunks.Sum(c => (long)c.FrameLength) > size)
            {
                throw new RepositoryDamagedException(key, "names a pack that is smaller than its chunks");
            }

            var salt = encrypted ? rest.Slice(33, ObjectHeader.SaltSize).ToArray() : [];
            yield return new PackInfo(new ChunkId(rest), kind, salt, size, chunks);
            at += PackLine + length;
        }
    }
}
