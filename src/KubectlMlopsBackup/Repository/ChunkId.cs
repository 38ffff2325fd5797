using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace KubectlMlopsBackup.Repository;

/// <summary>A SHA-256: the name of a chunk (of its content) or of a pack (of its bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ChunkId : IEquatable<ChunkId>, IComparable<ChunkId>
{
    public const int Size = 32;

    private readonly ulong a;
    private readonly ulong b;
    private readonly ulong c;
    private readonly ulong d;

    public ChunkId(ReadOnlySpan<byte> bytes)
    {
        a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    public static ChunkId Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(content, hash);
        return new ChunkId(hash);
    }

    public static bool operator ==(ChunkId left, ChunkId right) => left.Equals(right);

    public static bool operator !=(ChunkId left, ChunkId right) => !left.Equals(right);

    public static bool TryParse(ReadOnlySpan<byte> utf8Hex, out ChunkId id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (utf8Hex.Length != Size * 2
            || Convert.FromHexString(utf8Hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done
            || utf8Hex.ContainsAnyInRange((byte)'A', (byte)'F'))
        {
            id = default;
            return false;
        }

        id = new ChunkId(bytes);
        return true;
    }

    /// <summary>Null, as a list in a hostile object may hold, is no id.</summary>
    public static bool TryParse(string? hex, out ChunkId id)
    {
        Span<byte> ascii = stackalloc byte[Size * 2];
        id = default;
        return hex?.Length == Size * 2
            && System.Text.Ascii.FromUtf16(hex, ascii, out _) == System.Buffers.OperationStatus.Done
            && TryParse(ascii, out id);
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], d);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    public bool Equals(ChunkId other) => a == other.a && b == other.b && c == other.c && d == other.d;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ChunkId other && Equals(other);

    /// <summary>A SHA-256 is spread evenly already.</summary>
    public override int GetHashCode() => (int)a;

    public int CompareTo(ChunkId other)
    {
        var order = a.CompareTo(other.a);
        order = order != 0 ? order : b.CompareTo(other.b);
        order = order != 0 ? order : c.CompareTo(other.c);
        return order != 0 ? order : d.CompareTo(other.d);
    }

    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
