using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.Commands;

/// <summary>A restore's outcome for people.</summary>
internal static class RestoreTable
{
    private const int ShownProblems = 10;
    private const int ShownPaths = 10;

    public static TableWriter Of(RestoreOutcome outcome)
    {
        var table = new TableWriter(
            new TableColumn("Component"), new TableColumn("Verdict"), new TableColumn("Took"), new TableColumn("Result"));
        if (outcome.Artifacts is { } artifacts)
        {
            table.Add(
                "artifacts",
                Verdict(outcome, artifacts.WasEqual, artifacts.ProblemCount == 0),
                Humanize.Duration(TimeSpan.FromSeconds(artifacts.Seconds)),
                outcome.DryRun
                    ? $"{Humanize.Count(artifacts.Files)} files compared by content, {Humanize.Count(artifacts.FilesWritten)} entries differ"
                        + (artifacts.Deleted is { } extra ? $", {Humanize.Count(extra)} are not in the snapshot" : "")
                    : $"{Humanize.Count(artifacts.Files)} files as in the snapshot, {Humanize.Count(artifacts.FilesWritten)} written "
                        + $"({Humanize.Bytes(artifacts.BytesWritten)} of {Humanize.Bytes(artifacts.Bytes)}), {Humanize.Count(artifacts.Deleted ?? 0)} deleted");
        }

        if (outcome.Postgres is { } postgres)
        {
            table.Add(
                "postgres",
                Verdict(outcome, true, postgres.Warnings.Count == 0),
                Humanize.Duration(TimeSpan.FromSeconds(postgres.Phases.Sum(p => p.Seconds))),
                $"{postgres.Tables.Count} tables, {Humanize.Count(postgres.Tables.Sum(t => t.Expected))} rows: every count as in the snapshot");
        }
        else if (outcome.ComparedTables is { } tables)
        {
            var different = tables.Count(t => t.Actual != t.Expected);
            table.Add(
                "postgres",
                Verdict(outcome, different == 0, true),
                null,
                $"{tables.Count} tables compared by row count ({Humanize.Count(tables.Sum(t => t.Expected))} rows), {different} differ");
        }

        return table;
    }

    /// <summary>What a person must know beside the table, a line each.</summary>
    public static void PrintNotes(VerbContext context, RestoreOutcome outcome)
    {
        foreach (var line in Notes(outcome))
        {
            context.Note(context.Addressed(line));
        }
    }

    internal static IEnumerable<string> Notes(RestoreOutcome outcome)
    {
        if (outcome is { DryRun: true, Artifacts: { } compared })
        {
            foreach (var path in compared.Differing.Take(ShownPaths))
            {
                yield return $"differs: {PlainText.Clean(path)}";
            }

            if (compared.FilesWritten > ShownPaths && compared.Differing.Count > 0)
            {
                yield return $"and {Humanize.Count(compared.FilesWritten - Math.Min(ShownPaths, compared.Differing.Count))} more; up to {RestoreCounters.MaxDiffering} are named with -o json";
            }

            if (compared.Deleted is null)
            {
                yield return "what is there and not in the snapshot was not looked for: a restore leaves it, unless with --delete";
            }
        }

        foreach (var table in outcome.ComparedTables?.Where(t => t.Actual != t.Expected).Take(ShownProblems) ?? [])
        {
            yield return $"differs: {table.Schema}.{table.Table} has {(table.Actual is { } rows ? Humanize.Count(rows) : "no")} rows, the snapshot {Humanize.Count(table.Expected)}";
        }

        foreach (var line in Rewrites(outcome.Postgres?.RewrittenColumns, "rewritten"))
        {
            yield return line;
        }

        foreach (var line in Rewrites(outcome.ColumnsToRewrite, "would be rewritten (counted in the live database, not in the snapshot)"))
        {
            yield return line;
        }

        if (!outcome.DryRun)
        {
            yield return Target("RPO", outcome.RpoSeconds, outcome.RpoTargetSeconds, "lost since the moment gone back to");
            yield return Target("RTO", outcome.Seconds, outcome.RtoTargetSeconds, "from the start to the last check");
        }

        foreach (var problem in outcome.Artifacts?.Problems.Take(ShownProblems) ?? [])
        {
            yield return $"not as it was: {problem.Path} {problem.Reason}";
        }

        foreach (var warning in outcome.Postgres?.Warnings ?? [])
        {
            yield return $"not as it was: {warning}";
        }

        if (outcome.LeftConfig is { } config)
        {
            yield return "the Kubernetes objects are left as they are: to write them takes rights that no account of the backup has, and may change what runs. "
                + $"See what differs with: restore config --from {config[..8]} --dry-run; recover brings back all of it";
        }

        if (outcome.Postgres?.KeptDatabase is { } kept)
        {
            yield return $"the database as it was before is kept as {kept}; drop it, once all is well, with: kubectl mlopsbackup drop-previous";
        }
    }

    private static IEnumerable<string> Rewrites(IReadOnlyList<RewrittenColumn>? columns, string what) =>
        columns is null ? []
        : columns.Count == 0 ? [$"{ArtifactMap.OptionName}: the database has no column of MLflow's artifact URIs"]
        : columns.Select(c => $"{ArtifactMap.OptionName}: {c.Schema}.{c.Table}.{c.Column}: {Humanize.Count(c.Rewritten)} {what}, {Humanize.Count(c.LeftAlone)} left alone");

    private static string Verdict(RestoreOutcome outcome, bool equal, bool complete) =>
        outcome.DryRun ? equal ? "equal" : "differs" : complete ? "restored" : "incomplete";

    private static string Target(string name, double seconds, double target, string what) =>
        $"{name} {Humanize.Duration(TimeSpan.FromSeconds(seconds))} ({what}), target {Humanize.Duration(TimeSpan.FromSeconds(target))}: {(seconds <= target ? "met" : "MISSED")}";
}
