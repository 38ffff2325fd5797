using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>What one check of a platform found.</summary>
internal sealed record CheckResult
{
    /// <summary>As the plan names it.</summary>
    public required string Name { get; init; }

    /// <summary>The plan's field for this kind of check, such as <c>http</c> or <c>rows</c>.</summary>
    public required string Kind { get; init; }

    public required CheckOutcome Outcome { get; init; }

    /// <summary>What was seen, in one sentence, for people. Never empty, and never a secret.</summary>
    public required string Evidence { get; init; }

    /// <summary>From the first attempt to the last.</summary>
    public double Seconds { get; init; }

    /// <summary>What was counted; null of checks that do not hold a database against its artifacts.</summary>
    public ConsistencyProof? Consistency { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; } = 1;
}
