using System.CommandLine;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Commands;

internal static class DescribeCommand
{
    private const int ShortestId = 4;

    private static readonly Argument<string> Id = new("ID")
    {
        Description = "The first digits of the id of a snapshot or a recovery point; or snapshot/ID, recoverypoint/ID.",
    };

    public static Command Create() => Verb.Create(
        "describe", "Show a snapshot or a recovery point, whole.", [Id, SelectionOptions.Repository], RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        context.RequireLocal("describe");
        var id = parsed.GetValue(Id)!;
        id = id[(id.LastIndexOf('/') + 1)..];
        if (id.Length < ShortestId)
        {
            throw new UserError(
                $"ID {id} is too short", $"give at least {ShortestId} digits; kubectl mlopsbackup list shows the ids", ExitCode.Usage);
        }

        var plan = await context.PlanAsync(cancellationToken);
        using var repositories = await OpenRepositories.OpenAsync(
            plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        var point = repositories.Open
            .SelectMany(r => r.RecoveryPoints.Select(p => ListedRecoveryPoint.Of(r, p)))
            .FirstOrDefault(p => p.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase));
        if (point is not null)
        {
            context.Print(
                point, LocalJson.Default.ListedRecoveryPoint, DescribeTable.Of, p => [$"recoverypoint/{p.Id}"]);
            return RepositoryFailures.Tell(repositories);
        }

        var (repository, snapshot) = repositories.First(
            r => r.Catalog.Snapshots.Any(s => s.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase))
                ? r.Catalog.Find(id, r.Name)
                : null,
            $"snapshot or recovery point {id}");
        context.Print(
            DescribedSnapshot.Of(repository, snapshot),
            LocalJson.Default.DescribedSnapshot,
            DescribeTable.Of,
            s => [$"snapshot/{s.Id}"]);
        return RepositoryFailures.Tell(repositories);
    }
}
