using System.Text.Json.Serialization;
using KubectlMlopsBackup.Mlflow.Consistency;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>What <c>verify mlflow</c> found: of a recovery point, or of the live platform.</summary>
internal sealed record ConsistencyReport
{
    public const string ConsistentWord = "consistent";
    public const string InconsistentWord = "inconsistent";
    public const string UnknownWord = "unknown";

    /// <summary>By its name in the plan; null of the live platform.</summary>
    public string? Repository { get; init; }

    /// <summary>Its id; null of the live platform.</summary>
    public string? RecoveryPoint { get; init; }

    /// <summary>Id of the snapshot; null of the live platform.</summary>
    public string? PostgresSnapshot { get; init; }

    /// <summary>Id of the snapshot; null of the live platform.</summary>
    public string? ArtifactsSnapshot { get; init; }

    /// <summary>What was read, for people.</summary>
    public required string Database { get; init; }

    /// <summary>The instant that the references are of.</summary>
    public required DateTimeOffset DatabaseTime { get; init; }

    /// <summary>What was read, for people.</summary>
    public required string Artifacts { get; init; }

    /// <summary>When their reading began.</summary>
    public required DateTimeOffset ArtifactsTime { get; init; }

    /// <summary>What URIs below the root of the artifacts begin with, besides <c>mlflow-artifacts:/</c>.</summary>
    public required IReadOnlyList<string> Roots { get; init; }

    public required ConsistencyFindings Findings { get; init; }

    /// <summary>Files and folders of the live platform that could not be looked at: the first of them.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    public long ProblemCount { get; init; }

    public required double Seconds { get; init; }

    /// <summary><c>consistent</c>; <c>inconsistent</c>: something that must be there is not; <c>unknown</c>: all that could have been judged lies elsewhere.</summary>
    public string Verdict => Findings.Consistent switch
    {
        true => ConsistentWord,
        false => InconsistentWord,
        null => UnknownWord,
    };

    [JsonIgnore]
    public ExitCode ExitCode => Findings.Consistent switch
    {
        false => ExitCode.CheckFailed,
        true when ProblemCount == 0 => ExitCode.Done,
        _ => ExitCode.Incomplete,
    };

    /// <summary>What is recorded of it.</summary>
    public ConsistencyProof Proof() => new(
        Findings.JudgedCount, Findings.MissingCount, Findings.WithoutMlModelCount, Findings.Orphans.Files, Findings.Orphans.Bytes, Findings.OutsideCount)
    {
        Consistent = Findings.Consistent,
    };
}
