namespace KubectlMlopsBackup.Recovery.Steps;

/// <summary>What a step came to that did not fail.</summary>
/// <param name="State"><see cref="StepState.Done"/>, <see cref="StepState.Incomplete"/> or <see cref="StepState.Skipped"/>.</param>
/// <param name="Detail">What it did, for people; null where there is nothing to say. Never a secret.</param>
internal sealed record StepResult(StepState State, string? Detail)
{
    public static StepResult Done(string? detail = null) => new(StepState.Done, detail);

    public static StepResult Incomplete(string detail) => new(StepState.Incomplete, detail);

    public static StepResult Skipped(string detail) => new(StepState.Skipped, detail);
}
