namespace KubectlMlopsBackup.Monitoring.Notifications;

/// <summary>How a run ended, for who is not there. No secret is in it.</summary>
internal sealed record Notice
{
    public required string Plan { get; init; }

    /// <summary>What ran, such as <c>backup postgres</c>.</summary>
    public required string Verb { get; init; }

    public required int ExitCode { get; init; }

    /// <summary>Such as <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>In one sentence; null where the outcome says it all.</summary>
    public string? Message { get; init; }

    public string? Fix { get; init; }

    public required double Seconds { get; init; }

    public required string Host { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset Time { get; init; }

    public bool IsDone => ExitCode == 0;

    public static string OutcomeOf(ExitCode code) => code switch
    {
        KubectlMlopsBackup.ExitCode.Done => "done",
        KubectlMlopsBackup.ExitCode.Incomplete => "incomplete",
        KubectlMlopsBackup.ExitCode.CheckFailed => "a check failed",
        KubectlMlopsBackup.ExitCode.Cancelled => "cancelled",
        KubectlMlopsBackup.ExitCode.Locked => "locked",
        KubectlMlopsBackup.ExitCode.NoRepository => "no repository",
        KubectlMlopsBackup.ExitCode.WrongKey => "wrong key",
        _ => "failed",
    };
}
