using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Verifying;

namespace KubectlMlopsBackup.Commands;

internal static class VerifyTable
{
    private const int ShownDamages = 50;

    public static TableWriter Of(IReadOnlyList<VerifyReport> reports)
    {
        var table = new TableWriter(
            new TableColumn("Repository"),
            new TableColumn("Level"),
            new TableColumn("Verdict"),
            new TableColumn("Snapshots"),
            new TableColumn("Recovery points", Spare: true),
            new TableColumn("Packs", Spare: true),
            new TableColumn("Read"),
            new TableColumn("Took"));
        foreach (var r in reports)
        {
            table.Add(
                r.Repository,
                r.Level.ToString().ToLowerInvariant(),
                r.Good ? "good" : r.HurtSnapshots.Count == 0 ? "blemished" : "DAMAGED",
                Part(r.Snapshots, r.HurtSnapshots.Count),
                Part(r.RecoveryPoints, r.HurtRecoveryPoints.Count),
                $"{Humanize.Count(r.PacksRead)} of {Humanize.Count(r.Packs)} read",
                Humanize.Bytes(r.BytesRead),
                Humanize.Duration(TimeSpan.FromSeconds(r.Seconds)));
        }

        return table;
    }

    public static IEnumerable<string> Notes(VerifyReport report)
    {
        foreach (var damage in report.Damages.Take(ShownDamages))
        {
            yield return $"{(damage.Harmless ? "blemish" : "damage")}: {report.Repository}: {damage.Key}: {damage.What}";
        }

        foreach (var note in report.Notes.Take(ShownDamages))
        {
            yield return $"note: {report.Repository}: {note.Key}: {note.What}";
        }

        if (report.Damages.Count > ShownDamages)
        {
            yield return $"… and {Humanize.Count(report.Damages.Count - ShownDamages)} more: -o json has all";
        }

        if (report.HurtRecoveryPoints.Count > 0)
        {
            yield return $"hurt recovery points of {report.Repository}: {string.Join(", ", report.HurtRecoveryPoints.Select(p => p[..8]))}";
        }
    }

    private static string Part(int all, int hurt) =>
        hurt == 0 ? Humanize.Count(all) : $"{Humanize.Count(all)}, {Humanize.Count(hurt)} hurt";
}
