using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>A backup's outcome for people.</summary>
internal static class BackupTable
{
    private const int ShownProblems = 10;

    public static TableWriter Of(BackupOutcome outcome)
    {
        var table = new TableWriter(
            new TableColumn("Component"),
            new TableColumn("Verdict"),
            new TableColumn("Snapshot"),
            new TableColumn("Files", Spare: true),
            new TableColumn("Size"),
            new TableColumn("Read"),
            new TableColumn("New", Spare: true),
            new TableColumn("Stored"),
            new TableColumn("Took"));
        foreach (var component in outcome.Components)
        {
            var stats = component.Stats;
            table.Add(
                component.Component.ToString().ToLowerInvariant(),
                component.Verdict,
                component.Snapshot?[..8],
                stats is null ? null : Humanize.Count(stats.Files),
                stats is null ? null : Humanize.Bytes(stats.Bytes),
                stats is null ? null : Humanize.Bytes(stats.BytesRead),
                stats is null ? null : Humanize.Bytes(stats.BytesNew),
                stats is null ? null : Humanize.Bytes(stats.BytesStored),
                stats is null ? null : Humanize.Duration(TimeSpan.FromSeconds(stats.Seconds)));
        }

        return table;
    }

    /// <summary>What a person must know beside the table.</summary>
    public static IEnumerable<string> Notes(BackupOutcome outcome)
    {
        foreach (var component in outcome.Components)
        {
            foreach (var problem in component.Problems.Take(ShownProblems))
            {
                yield return $"left out of {component.Component.ToString().ToLowerInvariant()}: {problem.Path} {problem.Reason}".Replace(":  ", ": ");
            }

            if (component.ProblemCount > ShownProblems)
            {
                yield return $"… and {Humanize.Count(component.ProblemCount - ShownProblems)} more: kubectl mlopsbackup describe {component.Snapshot?[..8]}";
            }

            if (component.Verdict == ComponentOutcome.ShareStored)
            {
                yield return $"{component.Share} is stored; the last share of run {component.Share?.Run} to be done makes the snapshot";
            }

            foreach (var damage in component.Damage)
            {
                yield return $"damage seen: {damage}; the backup is good, but run: kubectl mlopsbackup verify data";
            }
        }

        if (outcome.Consistency is { } consistency)
        {
            yield return ConsistencyNote(consistency);
        }

        foreach (var mirror in outcome.Mirrors)
        {
            if (mirror.Report is { } report)
            {
                yield return $"mirrored {report.Copied.Count} snapshot(s) to {mirror.Repository}, {Humanize.Bytes(report.BytesStored)} sent, in {Humanize.Duration(TimeSpan.FromSeconds(report.Seconds))}";
            }

            if (mirror.Error is { } error)
            {
                yield return $"NOT {(mirror.Report is null ? "" : "all ")}mirrored to {mirror.Repository}: {error}; the snapshot in {outcome.Repository} is good";
            }
        }

        foreach (var prune in outcome.Prunes ?? [])
        {
            yield return prune.Error is { } failure
                ? $"NOT pruned: {prune.Repository}: {failure}"
                : prune is { BytesDeleted: 0, BytesMarked: 0 } && prune.Snapshots.All(s => s.Kept)
                ? $"pruned {prune.Repository}: nothing to let go"
                : $"pruned {prune.Repository}: {prune.Snapshots.Count(s => !s.Kept)} snapshot(s) let go, {Humanize.Bytes(prune.BytesDeleted)} freed, {Humanize.Bytes(prune.BytesMarked)} to be freed after the grace period";
        }
    }

    private static string ConsistencyNote(ConsistencyOutcome outcome) => outcome switch
    {
        { Proof: null } => $"NOT checked whether the artifacts have all that the database names: {outcome.Error}",
        { Proof.Consistent: true } =>
            $"consistent: all {Humanize.Count(outcome.Proof.Judged)} models and files that the database of recovery point {outcome.RecoveryPoint[..8]} names are in the artifacts",
        { Proof.Consistent: false } =>
            $"NOT CONSISTENT: of {Humanize.Count(outcome.Proof.Judged)} models and files that the database names, {Humanize.Count(outcome.Proof.Missing)} are not in the artifacts, "
            + $"and {Humanize.Count(outcome.Proof.WithoutMlModel)} have no MLmodel; the backup is good, the platform has lost them. "
            + $"See which: kubectl mlopsbackup verify mlflow --from {outcome.RecoveryPoint[..8]}",
        _ => $"consistency unknown: {Humanize.Count(outcome.Proof.Outside)} URIs of the database lie outside of the artifacts that are backed up; "
            + $"see: kubectl mlopsbackup verify mlflow --from {outcome.RecoveryPoint[..8]}",
    };
}
