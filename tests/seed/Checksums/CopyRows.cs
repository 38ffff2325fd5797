using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace KubectlMlopsBackup.Seed.Checksums;

/// <summary>
/// Reads the format that COPY … (FORMAT binary) sends: a head of 19 bytes, then rows of a field count (2 bytes) and, for each
/// field, its length (4 bytes; -1 is null) and value. A count of -1 ends it.
/// </summary>
internal static class CopyRows
{
    private const int HeadLength = 19;

    /// <returns>Number of rows, and the sum of their SHA-256 modulo 2^256 as 64 hexadecimal digits.</returns>
    public static (long Rows, string Sum) Sum(Stream copy, CancellationToken cancellation)
    {
        using var input = new BufferedStream(copy, 1 << 18);
        Span<byte> hash = stackalloc byte[32];
        Span<byte> small = stackalloc byte[4];
        var row = new byte[1 << 12];
        UInt128 low = 0;
        UInt128 high = 0;
        var rows = 0L;
        input.ReadExactly(row.AsSpan(0, HeadLength));
        while (true)
        {
            input.ReadExactly(small[..2]);
            var fields = BinaryPrimitives.ReadInt16BigEndian(small);
            if (fields < 0)
            {
                break;
            }

            var length = 0;
            for (var field = 0; field < fields; field++)
            {
                input.ReadExactly(small);
                var size = Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(small));
                if (row.Length < length + 4 + size)
                {
                    Array.Resize(ref row, (int)BitOperations.RoundUpToPowerOf2((uint)(length + 4 + size)));
                }

                small.CopyTo(row.AsSpan(length));
                input.ReadExactly(row.AsSpan(length + 4, size));
                length += 4 + size;
            }

            SHA256.HashData(row.AsSpan(0, length), hash);
            var addend = BinaryPrimitives.ReadUInt128LittleEndian(hash);
            low = unchecked(low + addend);
            high = unchecked(high + BinaryPrimitives.ReadUInt128LittleEndian(hash[16..]) + (low < addend ? UInt128.One : UInt128.Zero));
            if (++rows % 4096 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return (rows, string.Create(CultureInfo.InvariantCulture, $"{high:x32}{low:x32}"));
    }
}
