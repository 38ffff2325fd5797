using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Mlflow.Consistency;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>What <c>verify mlflow</c> found, for people: the verdict, then what is lost, then what may be tidied up.</summary>
internal static class ConsistencyTable
{
    private const int ShownItems = 30;
    private const int ShownPlaces = 5;
    private const int ShownExperiments = 10;

    public static TableWriter Of(ConsistencyReport report)
    {
        var f = report.Findings;
        return new TableWriter(
                new TableColumn("Recovery point"),
                new TableColumn("Time", Spare: true),
                new TableColumn("Verdict"),
                new TableColumn("Judged"),
                new TableColumn("Missing"),
                new TableColumn("No MLmodel"),
                new TableColumn("Orphans"),
                new TableColumn("Outside"),
                new TableColumn("Files", Spare: true),
                new TableColumn("Took", Spare: true),
                new TableColumn("References", WideOnly: true),
                new TableColumn("Database", WideOnly: true),
                new TableColumn("Artifacts", WideOnly: true))
            .Add(
                report.RecoveryPoint?[..8] ?? "live",
                report.DatabaseTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
                report.Verdict == ConsistencyReport.InconsistentWord ? "INCONSISTENT" : report.Verdict,
                Humanize.Count(f.JudgedCount),
                Humanize.Count(f.MissingCount),
                Humanize.Count(f.WithoutMlModelCount),
                Humanize.Bytes(f.Orphans.Bytes),
                Humanize.Count(f.OutsideCount),
                Humanize.Count(f.Files),
                Humanize.Duration(TimeSpan.FromSeconds(report.Seconds)),
                Humanize.Count(f.References),
                report.Database,
                report.Artifacts);
    }

    public static IEnumerable<string> Notes(ConsistencyReport report) =>
        Lost(report).Concat(Unjudged(report)).Concat(Tidy(report.Findings)).Select(PlainText.Clean);

    private static IEnumerable<string> Lost(ConsistencyReport report)
    {
        var f = report.Findings;
        foreach (var item in f.Items.Take(ShownItems))
        {
            yield return Line(item);
        }

        var all = f.MissingCount + f.WithoutMlModelCount;
        if (all > ShownItems)
        {
            yield return $"… and {Humanize.Count(all - Math.Min(ShownItems, f.Items.Count))} more: -o json names {Humanize.Count(Math.Min(all, f.Items.Count))} of them";
        }

        if (f.Experiments.Count > 1)
        {
            yield return "by experiment: "
                + string.Join(", ", f.Experiments.Take(ShownExperiments).Select(e => $"{(e.Experiment.Length == 0 ? "none" : e.Experiment)} ({Humanize.Count(e.Count)})"))
                + (f.Experiments.Count > ShownExperiments ? ", …" : "");
        }

        if (f.Items.FirstOrDefault(i => i.Path.Length > 0) is { } first)
        {
            yield return $"fix: an older recovery point may still have it: kubectl mlopsbackup list --recovery-points, then: "
                + $"kubectl mlopsbackup restore artifacts --from ID --include '{first.Path}/**'";
        }
    }

    private static string Line(MissingArtifact item)
    {
        var what = $"{item.Kind.Replace('_', ' ')} {item.Id}{(item.Experiment.Length == 0 ? "" : $" of experiment {item.Experiment}")}";
        return item.Problem switch
        {
            MissingProblem.NoMlModel => $"no MLmodel: {what}: {item.Path}/ has files, but no MLmodel, without which it cannot be loaded",
            MissingProblem.Dangling => $"missing: {what}: {item.Uri} is not in the database",
            _ => $"missing: {what}: {item.Uri} has no file in {item.Path}/",
        };
    }

    private static IEnumerable<string> Unjudged(ConsistencyReport report)
    {
        var f = report.Findings;
        if (report.ProblemCount > 0)
        {
            yield return $"NOT ALL SEEN: {Humanize.Count(report.ProblemCount)} file(s) or folder(s) could not be looked at, such as "
                + $"{report.Problems[0].Path}: {report.Problems[0].Reason}; what is missing may lie there";
        }

        if (f.OutsideCount > 0)
        {
            yield return $"outside: {Humanize.Count(f.OutsideCount)} URI(s) lie outside of {string.Join(" and ", report.Roots)}, and are not backed up: "
                + string.Join(", ", f.Outside.Take(ShownPlaces).Select(o => $"{o.Root} ({Humanize.Count(o.Count)})"))
                + (f.Outside.Count > ShownPlaces ? ", …" : "")
                + "; if that is another name of the same place, say so in spec.artifacts.uris";
        }

        if (f.PlainVersionCount > 0)
        {
            yield return $"note: {Humanize.Count(f.PlainVersionCount)} model version(s) lie in folders without an MLmodel, and nothing says that they are MLflow models: "
                + string.Join(", ", f.PlainVersions.Take(ShownPlaces)) + (f.PlainVersionCount > ShownPlaces ? ", …" : "");
        }

        if (f.TracesWithoutData > 0)
        {
            yield return $"note: {Humanize.Count(f.TracesWithoutData)} trace(s) have no traces.json: MLflow sends them in the background, and may have lost them itself";
        }
    }

    private static IEnumerable<string> Tidy(ConsistencyFindings f)
    {
        var deleted = f.Deleted;
        if (deleted.Runs + deleted.Experiments + deleted.Others > 0)
        {
            yield return $"deleted: {Humanize.Count(deleted.Runs)} run(s), {Humanize.Count(deleted.Experiments)} experiment(s) and {Humanize.Count(deleted.Others)} "
                + $"model(s) are marked as deleted and not yet gone; {Humanize.Count(deleted.RunsWithFiles)} of the runs have artifacts, "
                + $"{Humanize.Bytes(deleted.Bytes)} in {Humanize.Count(deleted.Files)} files that only they need: mlflow gc would free them";
        }

        if (f.Orphans.Files > 0)
        {
            yield return $"orphans: {Humanize.Bytes(f.Orphans.Bytes)} in {Humanize.Count(f.Orphans.Files)} file(s) that nothing in the database points at, "
                + $"in {Humanize.Count(f.Orphans.Places)} place(s); the largest: "
                + string.Join(", ", f.Orphans.Largest.Take(ShownPlaces).Select(p => $"{p.Path} ({Humanize.Bytes(p.Bytes)})"));
        }

        if (f.NewerFiles > 0)
        {
            yield return $"note: {Humanize.Count(f.NewerFiles)} file(s) came after the database was read";
        }
    }
}
