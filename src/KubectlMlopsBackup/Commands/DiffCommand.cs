using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.Sources.ClusterConfig.Diff;

namespace KubectlMlopsBackup.Commands;

internal static class DiffCommand
{
    private const int ShortestId = 4;

    private static readonly Argument<string> Before = new("ID1") { Description = "The first digits of the id of a config snapshot." };

    private static readonly Argument<string> After = new("ID2") { Description = "Those of another." };

    public static Command Create() => Verb.Create(
        "diff",
        "Compare two snapshots of the configuration, object by object. Exit code 0: they are the same; 3: they differ.",
        [Before, After, SelectionOptions.Repository, InClusterVerb.StartTimeout, DirectOptions.Direct, DirectOptions.PassphraseFile],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        string[] ids = [parsed.GetValue(Before)!, parsed.GetValue(After)!];
        if (Array.Find(ids, i => i.Length < ShortestId) is { } id)
        {
            throw new UserError($"{id} is too short to be an id", $"give at least {ShortestId} digits; kubectl mlopsbackup list shows the ids", ExitCode.Usage);
        }

        if (!context.ReadsHere)
        {
            return await InClusterVerb.RunAsync(
                parsed, context, AgentJobs.RestoreAccount, ConfigJson.Default.IReadOnlyListObjectDifference, d => Print(context, d), cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        using var repositories = await OpenRepositories.OpenAsync(plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        var before = await ReadAsync(repositories, plan, ids[0], cancellationToken);
        var after = await ReadAsync(repositories, plan, ids[1], cancellationToken);
        var differences = ConfigDiff.Of(before.Objects, after.Objects);
        Print(context, differences);
        foreach (var problem in before.Problems.Concat(after.Problems))
        {
            await Console.Error.WriteLineAsync(PlainText.Clean($"not compared: {problem.Path}: {problem.Reason}"));
        }

        return differences.Count == 0 && before.Problems.Count + after.Problems.Count == 0 ? ExitCode.Done : ExitCode.Incomplete;
    }

    private static Task<ConfigReading> ReadAsync(OpenRepositories repositories, LocalPlan plan, string id, CancellationToken cancellationToken)
    {
        var (from, snapshot) = new RestoreSelection(id, null).Snapshot(repositories, Component.Config, plan.Name);
        return LocalConfig.ReadAsync(from, snapshot, cancellationToken);
    }

    private static void Print(VerbContext context, IReadOnlyList<ObjectDifference> differences)
    {
        context.Print(differences, ConfigJson.Default.IReadOnlyListObjectDifference, Table, d => d.Select(o => o.Object));
        foreach (var one in differences)
        {
            context.Say("");
            context.Say(PlainText.Clean($"{one.Object}{(one.Namespace is { } ns ? $" in namespace {ns}" : "")} {one.Change}"));
            foreach (var line in one.Diff)
            {
                context.Say(PlainText.Clean(line));
            }
        }
    }

    private static TableWriter Table(IReadOnlyList<ObjectDifference> differences)
    {
        var table = new TableWriter(new TableColumn("namespace"), new TableColumn("object"), new TableColumn("change"));
        foreach (var one in differences)
        {
            table.Add(one.Namespace, one.Object, one.Change);
        }

        return table;
    }
}
