using KubectlMlopsBackup.Repository.Crypto;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>A chunk on its way to an encoder. It holds a reference to its slab.</summary>
internal readonly record struct ChunkJob(
    Slab Slab, int Offset, int Length, ObjectKind Kind, IChunkTarget Target, int Ticket)
{
    /// <summary>It holds several files, so that a trial of its middle says nothing of the rest.</summary>
    public bool IsBundle { get; init; }

    public ReadOnlyMemory<byte> Content => Slab.Buffer.AsMemory(Offset, Length);
}
