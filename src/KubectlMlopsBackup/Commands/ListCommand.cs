using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Commands;

internal static class ListCommand
{
    private static readonly Argument<string> What = ComponentArgument.Create("Which snapshots: postgres, artifacts or all.");

    private static readonly Option<bool> RecoveryPoints = new("--recovery-points", "--points")
    {
        Description = "List what is restored together instead of single snapshots.",
    };

    public static Command Create() => Verb.Create(
        "list", "List snapshots or recovery points, oldest first.", [What, RecoveryPoints, SelectionOptions.Repository], RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        context.RequireLocal("list");
        var plan = await context.PlanAsync(cancellationToken);
        using var repositories = await OpenRepositories.OpenAsync(
            plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        if (parsed.GetValue(RecoveryPoints))
        {
            IReadOnlyList<ListedRecoveryPoint> points =
                [.. repositories.Open.SelectMany(r => r.RecoveryPoints.Select(p => ListedRecoveryPoint.Of(r, p)))];
            context.Print(
                points,
                LocalJson.Default.IReadOnlyListListedRecoveryPoint,
                p => ListTable.Of(p, context.Clock.GetUtcNow()),
                p => p.Select(x => $"recoverypoint/{x.Id}"));
        }
        else
        {
            var component = ComponentArgument.Parse(parsed.GetValue(What)!);
            IReadOnlyList<ListedSnapshot> snapshots =
            [
                .. repositories.Open.SelectMany(r => r.Catalog.Snapshots
                    .Where(s => component is null || s.Component == component)
                    .Select(s => ListedSnapshot.Of(r, s))),
            ];
            context.Print(
                snapshots,
                LocalJson.Default.IReadOnlyListListedSnapshot,
                s => ListTable.Of(s, context.Clock.GetUtcNow()),
                s => s.Select(x => $"snapshot/{x.Id}"));
        }

        return RepositoryFailures.Tell(repositories);
    }
}
