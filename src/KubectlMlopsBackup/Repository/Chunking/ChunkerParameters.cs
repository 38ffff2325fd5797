using System.Numerics;

namespace KubectlMlopsBackup.Repository.Chunking;

/// <summary>Sizes of content-defined chunks, in bytes. Powers of two, 4 KiB … 16 MiB, min &lt; average &lt; max.</summary>
internal sealed record ChunkerParameters(int Min, int Average, int Max)
{
    /// <summary>No chunk's content is ever longer, whatever a repository says.</summary>
    public const int Limit = 16 << 20;

    /// <summary>
    /// 1 MiB on average: measured, half the size saves under 1 % of the bytes of a nightly dump, and doubles the index.
    /// </summary>
    public static ChunkerParameters Default { get; } = new(256 << 10, 1 << 20, 4 << 20);

    /// <summary>Trees repeat in smaller pieces than weights do.</summary>
    public ChunkerParameters ForTrees() => new(Math.Max(Min / 4, 1024), Average / 4, Max / 4);

    public bool IsValid() =>
        Min >= 4096 && Min < Average && Average < Max && Max <= Limit
        && BitOperations.IsPow2(Min) && BitOperations.IsPow2(Average) && BitOperations.IsPow2(Max);
}
