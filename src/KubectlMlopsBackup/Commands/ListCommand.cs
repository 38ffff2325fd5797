using System.CommandLine;
using KubectlMlopsBackup.Commands.Completion;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Commands;

internal static class ListCommand
{
    private static readonly Argument<string> What = ComponentArgument.Create("Which snapshots: postgres, artifacts, config or all.");

    private static readonly Option<bool> RecoveryPoints = new("--recovery-points", "--points")
    {
        Description = "List what is restored together instead of single snapshots.",
    };

    public static Command Create() => Verb.Create(
        "list", "List snapshots or recovery points, oldest first.", [What, RecoveryPoints, SelectionOptions.Repository, InClusterVerb.StartTimeout, DirectOptions.Direct, DirectOptions.PassphraseFile], RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (!context.ReadsHere)
        {
            return parsed.GetValue(RecoveryPoints)
                ? await InClusterVerb.RunAsync(
                    parsed, context, AgentJobs.RestoreAccount, LocalJson.Default.IReadOnlyListListedRecoveryPoint, p => Print(parsed, context, p), cancellationToken)
                : await InClusterVerb.RunAsync(
                    parsed, context, AgentJobs.RestoreAccount, LocalJson.Default.IReadOnlyListListedSnapshot, s => Print(parsed, context, s), cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        using var repositories = await OpenRepositories.OpenAsync(
            plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        if (parsed.GetValue(RecoveryPoints))
        {
            Print(parsed, context, [.. repositories.Open.SelectMany(r => r.RecoveryPoints.Select(p => ListedRecoveryPoint.Of(r, p, repositories)))]);
        }
        else
        {
            var component = ComponentArgument.Parse(parsed.GetValue(What)!);
            Print(parsed, context,
            [
                .. repositories.Open.SelectMany(r => r.Catalog.Snapshots
                    .Where(s => component is null || s.Component == component)
                    .Select(s => ListedSnapshot.Of(r, s))),
            ]);
        }

        return RepositoryFailures.Tell(repositories);
    }

    private static void Print(ParseResult parsed, VerbContext context, IReadOnlyList<ListedRecoveryPoint> points)
    {
        KnownSnapshots.Remember(parsed, points);
        context.Print(
            points,
            LocalJson.Default.IReadOnlyListListedRecoveryPoint,
            p => ListTable.Of(p, context.Clock.GetUtcNow()),
            p => p.Select(x => $"recoverypoint/{x.Id}"));
    }

    private static void Print(ParseResult parsed, VerbContext context, IReadOnlyList<ListedSnapshot> snapshots)
    {
        KnownSnapshots.Remember(parsed, snapshots);
        context.Print(
            snapshots,
            LocalJson.Default.IReadOnlyListListedSnapshot,
            s => ListTable.Of(s, context.Clock.GetUtcNow()),
            s => s.Select(x => $"snapshot/{x.Id}"));
    }
}
