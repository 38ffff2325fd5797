using System.Text.RegularExpressions;
using KubectlMlopsBackup.Repository.Shares;

namespace KubectlMlopsBackup.Configuration;

internal static partial class ArtifactsRules
{
    private const string Section = "spec.artifacts";
    private const int MostPatterns = 1_000;
    private const int MostUris = 100;

    public static void Check(PlanSpec spec, TimeSpan? rpo, PlanProblems problems)
    {
        if (spec.Artifacts is not { } artifacts)
        {
            return;
        }

        PlanText.CheckNotBoth(Section, "path", artifacts.Path is not null, "s3", artifacts.S3 is not null, problems);
        PlanText.CheckNotBoth(Section, "path or s3", artifacts.Path is not null || artifacts.S3 is not null, "volume", artifacts.Volume is not null, problems);
        if (artifacts.Path is null && artifacts.S3 is null && artifacts.Volume is null)
        {
            problems.AddMissing($"{Section}.path", "the folder of the artifacts (or s3, where they are in a bucket; or volume, in the cluster)");
        }

        VolumeRules.Check($"{Section}.volume", artifacts.Volume, problems);

        PlanText.CheckFilePath($"{Section}.path", artifacts.Path, problems);
        if (artifacts.S3 is { } s3)
        {
            S3Rules.Check($"{Section}.s3", s3, problems);
        }

        CheckUris(artifacts.Uris, problems);
        if (artifacts.Exclude.Count > MostPatterns)
        {
            problems.Add($"{Section}.exclude", $"{artifacts.Exclude.Count} patterns", $"at most {MostPatterns}");
        }

        for (var i = 0; i < artifacts.Exclude.Count; i++)
        {
            CheckPattern($"{Section}.exclude[{i}]", artifacts.Exclude[i], problems);
        }

        CheckParallelism(artifacts.Parallelism, problems);
        ScheduleRules.Check($"{Section}.schedule", artifacts.Schedule, spec.TimeZone, rpo, problems);
    }

    private static void CheckUris(List<string> uris, PlanProblems problems)
    {
        if (uris.Count > MostUris)
        {
            problems.Add($"{Section}.uris", $"{uris.Count} URIs", $"at most {MostUris}");
        }

        for (var i = 0; i < uris.Count; i++)
        {
            if (uris[i] is not { } uri || uri != uri.Trim() || uri.Any(char.IsControl) || !Place().IsMatch(uri) || uri.Trim('/', '.').Length == 0)
            {
                problems.Add($"{Section}.uris[{i}]", uris[i] ?? "", "what MLflow calls the root of the artifacts, such as file:///mlruns or /mnt/mlflow");
            }
        }
    }

    /// <summary>A URI with something behind its scheme, an absolute path, or one that begins with a dot.</summary>
    [GeneratedRegex(@"^(?:[A-Za-z][A-Za-z0-9+.\-]*:/+[^/]|/|\.{1,2}/)", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    private static void CheckParallelism(int parallelism, PlanProblems problems)
    {
        if (parallelism is < 1 or > ShareId.MaxCount)
        {
            problems.Add($"{Section}.parallelism", $"{parallelism}", $"a number from 1 to {ShareId.MaxCount}");
        }
    }

    private static void CheckPattern(string path, string? pattern, PlanProblems problems)
    {
        const string Wanted = "a pattern relative to the artifacts, such as \"**/.ipynb_checkpoints/**\"";
        if (string.IsNullOrWhiteSpace(pattern))
        {
            problems.Add(path, "", Wanted);
        }
        else if (pattern.StartsWith('/') || pattern.Contains('\0', StringComparison.Ordinal) || pattern.Split('/').Contains(".."))
        {
            problems.Add(path, pattern, $"{Wanted}: no leading slash, no \"..\"");
        }
        else if (pattern.Trim('/') is "**" or "*" or "**/*")
        {
            problems.Add(path, pattern, $"{Wanted}: this one excludes everything");
        }
    }
}
