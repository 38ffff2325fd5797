using System.Diagnostics.CodeAnalysis;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>A recovery point, whole: what <c>list</c> says of it, and its snapshots.</summary>
internal sealed record DescribedRecoveryPoint : ListedRecoveryPoint
{
    /// <summary>For JSON.</summary>
    public DescribedRecoveryPoint()
    {
    }

    [SetsRequiredMembers]
    private DescribedRecoveryPoint(ListedRecoveryPoint listed)
        : base(listed)
    {
    }

    /// <summary>What came of holding its database against its artifacts, the last time; null where nobody did.</summary>
    public ConsistencyProof? Consistency { get; init; }

    /// <summary>That are restored together, each with its own proofs.</summary>
    public IReadOnlyList<ListedSnapshot> Snapshots { get; init; } = [];

    /// <param name="all">Where else it may have been checked.</param>
    public static DescribedRecoveryPoint Whole(OpenRepository repository, RecoveryPoint point, OpenRepositories all) =>
        new(Of(repository, point, all))
        {
            Consistency = all.ConsistencyOf(point)?.Consistency,
            Snapshots = [.. point.Snapshots.Select(s => ListedSnapshot.Of(repository, s))],
        };
}
