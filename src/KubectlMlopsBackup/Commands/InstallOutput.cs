using KubectlMlopsBackup.InCluster.Installing;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>What became of objects, a line each, as kubectl apply prints it.</summary>
internal static class InstallOutput
{
    /// <param name="suffix">Behind each line.</param>
    public static void Print(VerbContext context, IReadOnlyList<ObjectChange> changes, string suffix)
    {
        if (!context.IsTable)
        {
            PrintResult(context, changes);
            return;
        }

        foreach (var change in changes)
        {
            context.Say($"{PlainText.Clean(change.Object)} {change.Action}{suffix}");
        }
    }

    public static void PrintDiff(VerbContext context, IReadOnlyList<ObjectChange> changes)
    {
        if (!context.IsTable)
        {
            PrintResult(context, changes);
            return;
        }

        foreach (var change in changes.Where(c => c.IsChange))
        {
            context.Say($"{PlainText.Clean(change.Object)} would be {change.Action}");
            foreach (var line in change.Diff ?? [])
            {
                context.Say(PlainText.Clean(line));
            }
        }

        if (!changes.Any(c => c.IsChange))
        {
            context.Say("nothing would change");
        }
    }

    private static void PrintResult(VerbContext context, IReadOnlyList<ObjectChange> changes) => context.Print(
        changes, InstallJson.Default.IReadOnlyListObjectChange, _ => throw new InvalidOperationException("no table"), r => r.Select(c => c.Object));
}
