using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KubectlMlopsBackup.Repository.Chunking;

/// <summary>
/// Finds chunk borders: FastCDC (Xia et al., USENIX ATC 2016) with a gear hash and normalised chunking level 2.
/// Stateless and safe for concurrent use: a border depends only on the bytes since the border before it.
/// </summary>
internal sealed class Chunker
{
    private const int Normalisation = 2;

    private readonly ulong[] gear;
    private readonly ulong maskBefore;
    private readonly ulong maskAfter;

    public Chunker(ChunkerParameters parameters, ReadOnlySpan<byte> seed)
    {
        Parameters = parameters;
        gear = GearTable.From(seed);
        var bits = BitOperations.Log2((uint)parameters.Average);
        // The gear hash shifts left, so its high bits depend on the most bytes.
        maskBefore = HighBits(bits + Normalisation);
        maskAfter = HighBits(bits - Normalisation);
    }

    public ChunkerParameters Parameters { get; }

    /// <summary>
    /// Length of the first chunk of <paramref name="data"/>. Where <paramref name="data"/> is shorter than
    /// the maximum and is not the end of the stream, and no border is in it, the answer is its whole length:
    /// the caller must then ask again with more.
    /// </summary>
    public int FindBorder(ReadOnlySpan<byte> data)
    {
        if (data.Length <= Parameters.Min)
        {
            return data.Length;
        }

        var end = Math.Min(data.Length, Parameters.Max);
        var middle = Math.Min(end, Parameters.Average);
        ref var bytes = ref MemoryMarshal.GetReference(data);
        ref var table = ref MemoryMarshal.GetArrayDataReference(gear);
        ulong hash = 0;
        // The hash sees 64 bytes; those just before the minimum make a border at the minimum depend on content too.
        var i = Parameters.Min - 64;
        for (; i < Parameters.Min; i++)
        {
            hash = (hash << 1) + Unsafe.Add(ref table, Unsafe.Add(ref bytes, i));
        }

        i = Scan(ref bytes, ref table, ref hash, i, middle, maskBefore);
        if (i < 0)
        {
            return ~i;
        }

        i = Scan(ref bytes, ref table, ref hash, i, end, maskAfter);
        return i < 0 ? ~i : end;
    }

    /// <returns>The complement of the border's position, or <paramref name="end"/> if there is none before it.</returns>
    private static int Scan(ref byte bytes, ref ulong table, ref ulong hash, int i, int end, ulong mask)
    {
        var h = hash;
        for (; i + 1 < end; i += 2)
        {
            h = (h << 1) + Unsafe.Add(ref table, Unsafe.Add(ref bytes, i));
            if ((h & mask) == 0)
            {
                return ~(i + 1);
            }

            h = (h << 1) + Unsafe.Add(ref table, Unsafe.Add(ref bytes, i + 1));
            if ((h & mask) == 0)
            {
                return ~(i + 2);
            }
        }

        for (; i < end; i++)
        {
            h = (h << 1) + Unsafe.Add(ref table, Unsafe.Add(ref bytes, i));
            if ((h & mask) == 0)
            {
                return ~(i + 1);
            }
        }

        hash = h;
        return end;
    }

    private static ulong HighBits(int count) => ulong.MaxValue << (64 - count);
}
