using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>What a scheduled drill came to, in few bytes: for the Job's termination message, where <c>status</c> and the exporter read it.</summary>
internal sealed record DrillOutcome
{
    public required ReportVerdict Verdict { get; init; }

    /// <summary>Id of the report; null where it could not be stored.</summary>
    public string? Report { get; init; }

    /// <summary>Why the verdict is what it is, in one line; null where it passed.</summary>
    public string? Cause { get; init; }

    /// <summary>Of the plan's repositories, with this drill in them.</summary>
    public IReadOnlyList<RepositoryState> State { get; init; } = [];
}
