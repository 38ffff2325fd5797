using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>A restore's outcome for people.</summary>
internal static class RestoreTable
{
    private const int ShownProblems = 10;

    public static TableWriter Of(RestoreOutcome outcome)
    {
        var table = new TableWriter(
            new TableColumn("Component"), new TableColumn("Verdict"), new TableColumn("Took"), new TableColumn("Result"));
        if (outcome.Artifacts is { } artifacts)
        {
            table.Add(
                "artifacts",
                artifacts.ProblemCount == 0 ? "restored" : "incomplete",
                Humanize.Duration(TimeSpan.FromSeconds(artifacts.Seconds)),
                $"{Humanize.Count(artifacts.Files)} files as in the snapshot, {Humanize.Count(artifacts.FilesWritten)} written "
                + $"({Humanize.Bytes(artifacts.BytesWritten)} of {Humanize.Bytes(artifacts.Bytes)}), {Humanize.Count(artifacts.Deleted)} deleted");
        }

        if (outcome.Postgres is { } postgres)
        {
            table.Add(
                "postgres",
                postgres.Warnings.Count == 0 ? "restored" : "incomplete",
                Humanize.Duration(TimeSpan.FromSeconds(postgres.Phases.Sum(p => p.Seconds))),
                $"{postgres.Tables.Count} tables, {Humanize.Count(postgres.Tables.Sum(t => t.Expected))} rows: every count as in the snapshot");
        }

        return table;
    }

    public static IEnumerable<string> Notes(RestoreOutcome outcome)
    {
        foreach (var problem in outcome.Artifacts?.Problems.Take(ShownProblems) ?? [])
        {
            yield return $"not as it was: {problem.Path} {problem.Reason}";
        }

        foreach (var warning in outcome.Postgres?.Warnings ?? [])
        {
            yield return $"not as it was: {warning}";
        }

        if (outcome.Postgres?.KeptDatabase is { } kept)
        {
            yield return $"the database as it was before is kept as {kept}; drop it with: kubectl mlopsbackup drop-previous --local";
        }
    }
}
