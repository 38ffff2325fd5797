using KubectlMlopsBackup.Recovery.Steps;

namespace KubectlMlopsBackup.Recovery.Journal;

/// <summary>What is known of one step.</summary>
internal sealed record JournalStep
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public StepState State { get; init; }

    /// <summary>Of the first attempt; null before it.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>Null while it is not over.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>What it did, or why it failed; null where there is nothing to say.</summary>
    public string? Detail { get; init; }

    /// <summary>What to do about a failure; null where the detail says it.</summary>
    public string? Fix { get; init; }

    public bool IsOver => State is StepState.Done or StepState.Incomplete or StepState.Skipped;

    public double Seconds => Began is { } began && Ended is { } ended ? Math.Round((ended - began).TotalSeconds, 3) : 0;
}
