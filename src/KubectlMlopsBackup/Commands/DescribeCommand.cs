using System.CommandLine;
using System.Text.Json;
using KubectlMlopsBackup.Commands.Completion;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Commands;

internal static class DescribeCommand
{
    private const int ShortestId = 4;

    private static readonly Argument<string> Id = new("ID")
    {
        Description = "The first digits of the id of a snapshot or a recovery point; or snapshot/ID, recoverypoint/ID.",
        CompletionSources = { KnownSnapshots.Ids },
    };

    public static Command Create() => Verb.Create(
        "describe", "Show a snapshot or a recovery point, whole.", [Id, SelectionOptions.Repository, InClusterVerb.StartTimeout, DirectOptions.Direct, DirectOptions.PassphraseFile], RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var id = parsed.GetValue(Id)!;
        id = id[(id.LastIndexOf('/') + 1)..];
        if (id.Length < ShortestId)
        {
            throw new UserError(
                $"ID {id} is too short", $"give at least {ShortestId} digits; kubectl mlopsbackup list shows the ids", ExitCode.Usage);
        }

        if (!context.ReadsHere)
        {
            return await InClusterVerb.RunAsync(
                parsed, context, AgentJobs.RestoreAccount, LocalJson.Default.JsonElement, r => Print(context, r), cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        using var repositories = await OpenRepositories.OpenAsync(
            plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        var point = repositories.Open
            .SelectMany(r => r.RecoveryPoints.Select(p => (Repository: r, Point: p)))
            .FirstOrDefault(p => p.Point.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase));
        if (point.Point is not null)
        {
            Print(context, DescribedRecoveryPoint.Whole(point.Repository, point.Point, repositories));
            return RepositoryFailures.Tell(repositories);
        }

        var (repository, snapshot) = repositories.First(
            r => r.Catalog.Snapshots.Any(s => s.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase))
                ? r.Catalog.Find(id, r.Name)
                : null,
            $"snapshot or recovery point {id}");
        Print(context, DescribedSnapshot.Of(repository, snapshot));
        return RepositoryFailures.Tell(repositories);
    }

    /// <summary>The Job knew which of the two the id was of: a recovery point holds snapshots.</summary>
    private static void Print(VerbContext context, JsonElement described)
    {
        if (described.TryGetProperty("snapshots", out _))
        {
            Print(context, described.Deserialize(LocalJson.Default.DescribedRecoveryPoint)!);
        }
        else
        {
            Print(context, described.Deserialize(LocalJson.Default.DescribedSnapshot)!);
        }
    }

    private static void Print(VerbContext context, DescribedRecoveryPoint point) =>
        context.Print(point, LocalJson.Default.DescribedRecoveryPoint, DescribeTable.Of, p => [$"recoverypoint/{p.Id}"]);

    private static void Print(VerbContext context, DescribedSnapshot snapshot) =>
        context.Print(snapshot, LocalJson.Default.DescribedSnapshot, DescribeTable.Of, s => [$"snapshot/{s.Id}"]);
}
