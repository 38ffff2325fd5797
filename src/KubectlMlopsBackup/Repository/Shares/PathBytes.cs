using System.IO.Hashing;

namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>Raw paths as keys, looked up without a copy.</summary>
internal sealed class PathBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static PathBytes Comparer { get; } = new();

    public static ulong Hash(ReadOnlySpan<byte> path) => XxHash64.HashToUInt64(path);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)Hash(alternate);
}
