using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KubectlMlopsBackup.Repository.Chunking;

/// <summary>The 256 numbers of the gear hash, drawn from the repository's seed (docs/repository-format.md, "Chunks").</summary>
internal static class GearTable
{
    public static ulong[] From(ReadOnlySpan<byte> seed)
    {
        var table = new ulong[256];
        var input = new byte[seed.Length + 1];
        seed.CopyTo(input);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < table.Length; i++)
        {
            input[^1] = (byte)i;
            SHA256.HashData(input, hash);
            table[i] = BinaryPrimitives.ReadUInt64LittleEndian(hash);
        }

        return table;
    }
}
