using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>What one attempt of a check found.</summary>
/// <param name="Evidence">In one sentence; never a secret.</param>
/// <param name="Final">Trying again cannot change it.</param>
internal sealed record CheckFinding(CheckOutcome Outcome, string Evidence, bool Final = false)
{
    /// <summary>What was counted; null of checks that do not hold a database against its artifacts.</summary>
    public ConsistencyProof? Consistency { get; init; }

    public static CheckFinding Passed(string evidence) => new(CheckOutcome.Passed, evidence, Final: true);

    /// <summary>Of what may come yet.</summary>
    public static CheckFinding NotYet(string evidence) => new(CheckOutcome.Failed, evidence);

    public static CheckFinding Failed(string evidence) => new(CheckOutcome.Failed, evidence, Final: true);

    public static CheckFinding Skipped(string why) => new(CheckOutcome.Skipped, why, Final: true);
}
