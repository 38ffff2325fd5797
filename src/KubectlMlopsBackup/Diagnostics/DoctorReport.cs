namespace KubectlMlopsBackup.Diagnostics;

/// <summary>The answer to "why does it not work?".</summary>
internal sealed record DoctorReport
{
    /// <summary>Null where none could be read.</summary>
    public string? Plan { get; init; }

    /// <summary>Null with <c>--local</c>.</summary>
    public string? Namespace { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>No finding is a problem.</summary>
    public required bool Healthy { get; init; }

    /// <summary>The process's own.</summary>
    public required int ExitCode { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Worst first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    public static DoctorReport Of(string? plan, string? ns, DateTimeOffset time, TimeSpan took, IEnumerable<Finding> findings)
    {
        List<Finding> sorted = [.. findings.OrderBy(f => f.Verdict)];
        var healthy = !sorted.Exists(f => f.Verdict == FindingVerdict.Problem);
        return new DoctorReport
        {
            Plan = plan,
            Namespace = ns,
            Time = time,
            Healthy = healthy,
            ExitCode = (int)(healthy ? KubectlMlopsBackup.ExitCode.Done : KubectlMlopsBackup.ExitCode.CheckFailed),
            Seconds = Math.Round(took.TotalSeconds, 2),
            Findings = sorted,
        };
    }

    public int Count(FindingVerdict verdict) => Findings.Count(f => f.Verdict == verdict);
}
