using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Commands;

internal static class DropPreviousCommand
{
    private static readonly Argument<string?> Name = new("DATABASE")
    {
        Description = "One of them. Default: all of the plan's database.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask." };

    public static Command Create() => Verb.Create(
        "drop-previous",
        "Drop the databases that restores have kept (NAME_before_TIME), and what cut-off restores left.",
        [Name, Yes, InClusterVerb.StartTimeout],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (!context.IsLocal)
        {
            return await InClusterAsync(parsed, context, cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        var settings = plan.Postgres();
        var only = parsed.GetValue(Name);
        await VerbContext.ConfirmAsync([What(only, settings.Database, $"{settings.Host}:{settings.Port}")], parsed.GetValue(Yes), cancellationToken);
        Print(context, await PostgresRestore.DropPreviousAsync(settings, only, cancellationToken));
        return ExitCode.Done;
    }

    /// <summary>In a Job: the database has no address out here.</summary>
    private static async Task<ExitCode> InClusterAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        using var verb = await InClusterVerb.BeginAsync(parsed, context, cancellationToken);
        var postgres = verb.Installed.Spec.Postgres ?? throw new UserError(
            $"plan {verb.Installed.Name} has no component postgres: no restore has kept a database", null, ExitCode.Usage);
        await VerbContext.ConfirmAsync(
            [What(parsed.GetValue(Name), postgres.Database, $"{postgres.Host} in namespace {verb.Installed.Namespace}")], parsed.GetValue(Yes), cancellationToken);
        var job = AgentJobs.DropPrevious(verb.Installed.Spec, [.. ForwardedArguments.Of(parsed, Yes, InClusterVerb.StartTimeout), "--yes"]);
        var (code, dropped) = await verb.FollowAsync(
            await verb.Run.StartAsync(job, cancellationToken), LocalJson.Default.IReadOnlyListString, cancellationToken);
        if (dropped is not null)
        {
            Print(context, dropped);
        }

        return code;
    }

    private static string What(string? only, string? database, string where) => $"drop {only ?? $"every {database}_before_…"} on {where}";

    private static void Print(VerbContext context, IReadOnlyList<string> dropped)
    {
        if (!context.IsTable)
        {
            context.Print(dropped, LocalJson.Default.IReadOnlyListString, _ => new TableWriter(), d => d.Select(name => $"database/{name}"));
            return;
        }

        foreach (var name in dropped)
        {
            context.Say($"database/{PlainText.Clean(name)} dropped");
        }

        if (dropped.Count == 0)
        {
            context.Say("no restore has kept a database");
        }
    }
}
