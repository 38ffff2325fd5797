namespace KubectlMlopsBackup.Recovery.Steps;

/// <summary>
/// One step of a recovery. It may be run again after it was cut off anywhere, or even done: the end is the same.
/// </summary>
/// <param name="Name">Short, the same in every version: the journal knows it by this.</param>
/// <param name="Title">For people.</param>
/// <param name="Timeout">After which it has failed.</param>
/// <param name="RunAsync">Throws where it fails.</param>
internal sealed record RecoveryStep(string Name, string Title, TimeSpan Timeout, Func<CancellationToken, Task<StepResult>> RunAsync)
{
    /// <summary>Its outcome is only good for the moment that it was found at: it is run again by whoever resumes.</summary>
    public bool IsFleeting { get; init; }
}
