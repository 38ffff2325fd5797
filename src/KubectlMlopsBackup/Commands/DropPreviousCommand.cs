using System.CommandLine;
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
        [Name, Yes],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        context.RequireLocal("drop-previous");
        var plan = await context.PlanAsync(cancellationToken);
        var settings = plan.Postgres();
        var only = parsed.GetValue(Name);
        await VerbContext.ConfirmAsync(
            [$"drop {only ?? $"every {settings.Database}_before_…"} on {settings.Host}:{settings.Port}"],
            parsed.GetValue(Yes),
            cancellationToken);
        foreach (var name in await PostgresRestore.DropPreviousAsync(settings, only, cancellationToken))
        {
            Console.Out.WriteLine($"database/{name} dropped");
        }

        return ExitCode.Done;
    }
}
