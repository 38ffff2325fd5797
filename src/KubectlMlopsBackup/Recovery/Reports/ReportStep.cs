namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>One step of a recovery, as it went.</summary>
internal sealed record ReportStep
{
    public required string Name { get; init; }

    /// <summary>Null where it was not run.</summary>
    public DateTimeOffset? Started { get; init; }

    public double Seconds { get; init; }

    public required StepOutcome Outcome { get; init; }

    /// <summary>What it did, or why it failed; null where there is nothing to say. Never a secret.</summary>
    public string? Detail { get; init; }
}
