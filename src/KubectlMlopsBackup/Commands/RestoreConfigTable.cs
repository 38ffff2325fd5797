using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.ClusterConfig.Restore;

namespace KubectlMlopsBackup.Commands;

/// <summary>What a restore of the configuration did, for people.</summary>
internal static class RestoreConfigTable
{
    private const int ShownNotes = 40;

    private static readonly RestoreAction[] Quiet = [RestoreAction.Created, RestoreAction.Unchanged];

    /// <param name="all">Also what simply went well.</param>
    public static TableWriter Of(ConfigRestoreReport report, bool all)
    {
        var table = new TableWriter(
            new TableColumn("namespace"), new TableColumn("object"), new TableColumn("result"), new TableColumn("managed by"), new TableColumn("why"));
        foreach (var one in report.Objects.Where(o => all || report.DryRun && o.Action != RestoreAction.Unchanged || !Quiet.Contains(o.Action) || o.Reason is not null))
        {
            table.Add(one.Namespace, one.Object, Word(one.Action), one.ManagedBy, one.Reason);
        }

        return table;
    }

    /// <summary>The differences of a dry run, and how many objects became what.</summary>
    public static void Say(VerbContext context, ConfigRestoreReport report)
    {
        foreach (var one in report.DryRun ? report.Objects.Where(o => o.Diff?.Count > 0) : [])
        {
            context.Say("");
            context.Say(PlainText.Clean($"{one.Object}{(one.Namespace is { } ns ? $" in namespace {ns}" : "")}: {(one.Action == RestoreAction.Kept ? "differs, and is kept" : $"would be {Word(one.Action)}")}"));
            foreach (var line in one.Diff!)
            {
                context.Say(PlainText.Clean(line));
            }
        }

        var counts = report.Objects.CountBy(o => o.Action).OrderBy(c => c.Key).Select(c => $"{Humanize.Count(c.Value)} {(report.DryRun ? "would be " : "")}{Word(c.Key)}");
        context.Say(report.Objects.Count == 0 ? "nothing to restore" : string.Join(", ", counts));
    }

    /// <summary>What to do about failures, and what to look at.</summary>
    public static IEnumerable<string> Notes(ConfigRestoreReport report)
    {
        foreach (var failed in report.Objects.Where(o => o.Action == RestoreAction.Failed).Take(ShownNotes))
        {
            yield return $"error: {failed.Object}{(failed.Namespace is { } ns ? $" in namespace {ns}" : "")}: {failed.Reason}";
            if (failed.Fix is { } fix)
            {
                yield return $"  fix: {fix}";
            }
        }

        foreach (var owner in report.Objects
            .Where(o => o is { ManagedBy: not null, Action: RestoreAction.Created or RestoreAction.Updated or RestoreAction.Replaced }).CountBy(o => o.ManagedBy!))
        {
            yield return $"warning: {owner.Value} of them are managed by {owner.Key}, which may change them back: restore them there, too";
        }

        foreach (var note in report.Review.Take(ShownNotes))
        {
            yield return $"review: {note.Object} {note.Field}: {note.What}";
        }

        if (report.Review.Count > ShownNotes)
        {
            yield return $"review: … and {report.Review.Count - ShownNotes} more: -o json has all";
        }
    }

    private static string Word(RestoreAction action) => action.ToString().ToLowerInvariant();
}
