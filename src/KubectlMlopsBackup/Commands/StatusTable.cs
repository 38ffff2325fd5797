using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Commands;

/// <summary>A status on one screen: the verdict, what backs up, what holds the backups, what is wrong.</summary>
/// <param name="wide">With schedules, Jobs and what is only now and then of interest.</param>
internal sealed class StatusTable(TextWriter output, Terminal terminal, bool wide)
{
    private readonly Paint paint = new(terminal.HasColor);

    public void Write(StatusReport report)
    {
        output.Write(Verdict(report) + "\n\n");
        var width = terminal.IsTerminal ? Terminal.Width() : (int?)null;
        Components(report).Write(output, wide, width);
        output.Write("\n");
        if (report.Drill is { } drill)
        {
            Drill(report, drill).Write(output, wide, width);
            output.Write("\n");
        }

        Repositories(report).Write(output, wide, width);
        foreach (var running in report.Components.Select(c => c.Running).Append(report.Verification?.Running).Append(report.Drill?.Running).OfType<RunStatus>().Where(r => r.Verdict == "running"))
        {
            output.Write($"\nrunning: {running.Job}, for {Age(report, running.Started)}; see it with: kubectl mlopsbackup logs -f {running.Job}\n");
        }

        if (report.Problems.Count > 0)
        {
            output.Write("\n");
        }

        foreach (var problem in report.Problems)
        {
            var severity = problem.Severity == StatusSeverity.Error ? paint.Red("error") : paint.Yellow("warning");
            output.Write($"{severity}: {PlainText.Clean($"{problem.Subject}: {problem.Message}")}\n");
            if (problem.Fix is { } fix)
            {
                output.Write($"  fix: {PlainText.Clean(fix)}\n");
            }
        }
    }

    /// <summary>One line: are we safe, and if not, why.</summary>
    private string Verdict(StatusReport report)
    {
        var where = report.Namespace is { } ns ? $"{report.Plan} in namespace {ns}" : report.Plan;
        if (report.Errors is [var worst, ..])
        {
            var more = report.Errors.Count > 1 ? $" (and {report.Errors.Count - 1} more)" : "";
            return $"{paint.Bold(paint.Red("NOT SAFE"))}: {PlainText.Clean($"{where}: {worst.Subject}: {worst.Message}")}{more}";
        }

        var point = report.Repositories.Select(r => r.RecoveryPoint).FirstOrDefault(p => p is not null);
        var age = point is null ? "" : $": a recovery would go back {Age(report, point.Time)}";
        var warnings = report.Problems.Count switch { 0 => "", 1 => ", 1 warning", var n => $", {n} warnings" };
        return $"{paint.Bold(paint.Green("SAFE"))}: {PlainText.Clean(where)}{age}{warnings}";
    }

    private TableWriter Components(StatusReport report)
    {
        var local = report.Verification is null;
        var table = new TableWriter(
            new TableColumn("Component"),
            new TableColumn("Last success"),
            new TableColumn("RPO"),
            new TableColumn("Last run", WideOnly: local),
            new TableColumn("Next run", WideOnly: local, Spare: true),
            new TableColumn("Size", Spare: true),
            new TableColumn("Took", Spare: true),
            new TableColumn("Verified"),
            new TableColumn("Snapshots", WideOnly: true),
            new TableColumn("Schedule", WideOnly: true),
            new TableColumn("Last job", WideOnly: true));
        foreach (var c in report.Components)
        {
            table.Add(
                c.Component.ToString().ToLowerInvariant(),
                Ago(report, c.LastSuccess) ?? (c.Snapshots is null ? "unknown" : "never"),
                $"{Humanize.Age(TimeSpan.FromSeconds(c.RpoSeconds))} {(c.LastSuccess is null && c.Snapshots is null ? "unknown" : c.Stale || c.LastSuccess is null ? "MISSED" : "met")}",
                Run(report, c.LastRun, c.Running),
                Next(report, c.Schedule),
                Trend(c.Sizes.Count > 0 ? Humanize.Bytes(c.Sizes[^1]) : null, [.. c.Sizes.Select(s => (double)s)]),
                Trend(c.Seconds.Count > 0 ? Span(c.Seconds[^1]) : null, c.Seconds),
                c.Snapshots is null ? null : Verified(report, c.VerifiedAt, c.Verified),
                c.Snapshots is { } count ? Humanize.Count(count) : null,
                Schedule(c.Schedule),
                (c.Running ?? c.LastRun)?.Job);
        }

        if (report.Verification is { } v)
        {
            table.Add(
                "verify", Ago(report, v.LastSuccess) ?? "never", "-", Run(report, v.LastRun, v.Running), Next(report, v.Schedule), "-", "-", "-", "-",
                Schedule(v.Schedule), (v.Running ?? v.LastRun)?.Job);
        }

        return table;
    }

    private static TableWriter Drill(StatusReport report, DrillStatus drill)
    {
        var table = new TableWriter(
            new TableColumn("Last drill"),
            new TableColumn("Verdict"),
            new TableColumn("Took"),
            new TableColumn("RTO"),
            new TableColumn("Next drill"),
            new TableColumn("Schedule", WideOnly: true),
            new TableColumn("Last job", WideOnly: true));
        table.Add(
            Ago(report, drill.LastTime) ?? "never",
            drill.Verdict,
            drill.Seconds is { } seconds ? Span(seconds) : null,
            $"{Humanize.Age(TimeSpan.FromSeconds(drill.RtoSeconds))}{(drill.Seconds is not { } took ? "" : took <= drill.RtoSeconds ? " met" : " MISSED")}",
            drill.Running is { } running ? $"{running.Verdict} {Age(report, running.Started)}"
            : drill.Overdue ? "OVERDUE"
            : drill.Schedule is null ? "on request" : Next(report, drill.Schedule),
            Schedule(drill.Schedule),
            (drill.Running ?? drill.LastRun)?.Job);
        return table;
    }

    private static TableWriter Repositories(StatusReport report)
    {
        var table = new TableWriter(
            new TableColumn("Repository"),
            new TableColumn("Recovery point"),
            new TableColumn("Age"),
            new TableColumn("Verified"),
            new TableColumn("Snapshots", Spare: true),
            new TableColumn("Size", Spare: true),
            new TableColumn("Free"),
            new TableColumn("Key kept", Spare: true),
            new TableColumn("As of", Spare: true),
            new TableColumn("Id", WideOnly: true),
            new TableColumn("Consistent", WideOnly: true),
            new TableColumn("A night", WideOnly: true),
            new TableColumn("Claim", WideOnly: true));
        foreach (var r in report.Repositories)
        {
            var known = r.AsOf is not null;
            table.Add(
                r.Repository,
                r.RecoveryPoint is { } point ? point.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") : known ? "none" : "unknown",
                r.RecoveryPoint is { } p ? Humanize.Age(report.Time - p.Time) : null,
                r.RecoveryPoint is { } proven ? proven.Verified?.ToString().ToLowerInvariant() ?? "no" : null,
                r.Snapshots is { } count ? Humanize.Count(count) : null,
                r.Bytes is { } bytes ? Humanize.Bytes(bytes) : null,
                r is { FreeBytes: { } free, TotalBytes: > 0 and { } total } ? $"{Humanize.Bytes(free)} ({Humanize.Percent((double)free / total)})" : known ? "-" : null,
                r.Encrypted switch { true => Ago(report, r.EscrowedAt) ?? (r.KmsKeyId is null ? "NOT SHOWN" : "by KMS"), false => "-", null => null },
                r.Error is not null ? $"UNREADABLE, last seen {Ago(report, r.AsOf) ?? "never"}" : Ago(report, r.AsOf),
                r.RecoveryPoint?.Id,
                r.RecoveryPoint is { } compared ? compared.Consistent switch { true => "yes", false => "NO", null => "not checked" } : null,
                r.GrowthBytes is { } growth ? Humanize.Bytes(growth) : null,
                r.Claim);
        }

        return table;
    }

    private static string? Run(StatusReport report, RunStatus? last, RunStatus? running) =>
        running is not null ? $"{running.Verdict} {Age(report, running.Started)}"
        : last is null ? null
        : last.Ended is { } ended ? $"{last.Verdict} {Ago(report, ended)}"
        : last.Verdict;

    private static string? Next(StatusReport report, ScheduleStatus? schedule) => schedule switch
    {
        null => null,
        { Suspended: true } => "suspended",
        { MissedSince: not null, GivenUp: false } => "overdue",
        { NextRun: { } next } => $"in {Humanize.Age(next - report.Time)}",
        _ => "unknown",
    };

    private string? Trend(string? now, IReadOnlyList<double> figures)
    {
        var line = Sparkline.Of(figures, terminal.HasUnicode);
        return line.Length == 0 ? now : $"{now} {line}";
    }

    private static string Verified(StatusReport report, DateTimeOffset? time, VerificationLevel? level) =>
        Ago(report, time) is { } ago ? $"{ago} ({level?.ToString().ToLowerInvariant()})" : "never";

    private static string? Schedule(ScheduleStatus? schedule) => schedule is null ? null : $"{schedule.Schedule} {schedule.TimeZone}".TrimEnd();

    private static string Span(double seconds) => Humanize.Duration(TimeSpan.FromSeconds(seconds));

    private static string Age(StatusReport report, DateTimeOffset? time) => time is { } t ? Humanize.Age(report.Time - t) : "?";

    private static string? Ago(StatusReport report, DateTimeOffset? time) => time is { } t ? $"{Humanize.Age(report.Time - t)} ago" : null;
}
