using KubectlMlopsBackup.Recovery.Steps;

namespace KubectlMlopsBackup.Recovery.Journal;

/// <summary>
/// What a recovery is to come to, and how far it is: enough for somebody else, on another machine, to finish it. No secret is in it.
/// </summary>
internal sealed record RecoveryJournal
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Of this recovery: eight letters and digits. Its Jobs carry it as a label.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the plan.</summary>
    public required string Plan { get; init; }

    /// <summary>The namespace that the backups are of.</summary>
    public required string Source { get; init; }

    /// <summary>Where the backups are read from, for people: such as <c>s3://bucket/prefix</c>.</summary>
    public required string From { get; init; }

    /// <summary>64 hex digits: whoever resumes goes back to this very one.</summary>
    public required string Point { get; init; }

    /// <summary>Id of the snapshot of the configuration that is applied; null where none is.</summary>
    public string? Config { get; init; }

    /// <summary>The moment that is gone back to.</summary>
    public required DateTimeOffset PointTime { get; init; }

    /// <summary>Of the first attempt: the time that counts against the RTO begins here.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>Null while it is not over.</summary>
    public DateTimeOffset? Ended { get; init; }

    public IReadOnlyList<JournalStep> Steps { get; init; } = [];

    public JournalStep? Step(string name) => Steps.FirstOrDefault(s => s.Name == name);

    public RecoveryJournal With(JournalStep step) => this with { Steps = [.. Steps.Select(s => s.Name == step.Name ? step : s)] };

    /// <summary>With an entry for each step that is to come, behind those that it has; what is known of them stays.</summary>
    public RecoveryJournal For(IEnumerable<RecoveryStep> steps) => this with
    {
        Steps = [.. Steps, .. steps.Where(s => Step(s.Name) is null).Select(s => new JournalStep { Name = s.Name, Title = s.Title })],
    };
}
