using System.Buffers.Binary;

namespace KubectlMlopsBackup.Repository.Verifying;

internal sealed record VerifyOptions
{
    /// <summary>Read the packs too.</summary>
    public bool ReadData { get; init; }

    /// <summary>Share of the packs' bytes to read, 0 to 1; drawn anew each time.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Read every so many-th pack by name, of which this is one part; null for all.</summary>
    public (int Index, int Count)? Part { get; init; }

    /// <summary>Whether every pack is read.</summary>
    public bool ReadsAll => ReadData && Share >= 1 && Part is null;

    /// <summary>Names are hashes: any of their bits are as good, and the same for all who see the pack.</summary>
    public bool Includes(ChunkId pack) =>
        Part is not { } part || BinaryPrimitives.ReadUInt32LittleEndian(pack.ToArray()) % part.Count == part.Index;

    /// <summary>Draws the share.</summary>
    public Random Random { get; init; } = Random.Shared;
}
