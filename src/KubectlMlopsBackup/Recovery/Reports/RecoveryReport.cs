using System.Text.Json;
using KubectlMlopsBackup.Recovery.Checks;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>
/// What a drill, a recovery or a restore came to, for who is on call, for who audits, and for the next one to be compared with.
/// Stored in the repositories; no secret is ever in it.
/// </summary>
internal sealed record RecoveryReport
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required ReportKind Kind { get; init; }

    /// <summary>From <see cref="ReportJudge.Judge"/>.</summary>
    public required ReportVerdict Verdict { get; init; }

    /// <summary>Name of the plan.</summary>
    public required string Plan { get; init; }

    /// <summary>Where to, for people: such as <c>namespace dr-test of context prod</c>, or a host and a folder.</summary>
    public required string Target { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset Finished { get; init; }

    /// <summary>Null where none was chosen before it failed.</summary>
    public ReportedPoint? Point { get; init; }

    /// <summary>What is lost: from the moment gone back to, to the start. Null where nothing was chosen to go back to.</summary>
    public Measure? Rpo { get; init; }

    /// <summary>From the start to the last passed check. Null where it never came to that.</summary>
    public Measure? Rto { get; init; }

    /// <summary>In their order.</summary>
    public IReadOnlyList<ReportStep> Steps { get; init; } = [];

    public IReadOnlyList<CheckResult> Checks { get; init; } = [];

    public IReadOnlyList<ReportCount> Counts { get; init; } = [];

    public required ReportVersions Versions { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What ended it before its end; null where nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>What to do about <see cref="Error"/>.</summary>
    public string? Fix { get; init; }

    /// <summary>Earlier runs of this kind and plan, newest first.</summary>
    public IReadOnlyList<PastRun> Past { get; init; } = [];

    public TimeSpan Duration() => Finished - Started;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ReportJson.Default.RecoveryReport);

    /// <exception cref="UserError">Written by a newer version of this program.</exception>
    /// <exception cref="InvalidDataException">No report.</exception>
    public static RecoveryReport FromJson(ReadOnlySpan<byte> json)
    {
        RecoveryReport? report;
        try
        {
            report = JsonSerializer.Deserialize(json, ReportJson.Default.RecoveryReport);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"no report can be read in it: {e.Message}", e);
        }

        return report switch
        {
            null => throw new InvalidDataException("it is empty"),
            { Version: > CurrentVersion } => throw new UserError(
                $"the report has version {report.Version}; this program knows up to {CurrentVersion}", "use a newer version of this program"),
            _ => report,
        };
    }
}
