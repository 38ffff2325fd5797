using System.CommandLine;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.InCluster.Installing;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Commands;

internal static class UninstallCommand
{
    private static readonly Option<bool> Purge = new("--purge-backups")
    {
        Description = "Delete the repositories' volumes too, and every backup in them. Asks for the plan's name. Backups in S3 stay.",
    };

    private static readonly Option<string> Confirm = new("--confirm")
    {
        Description = "With --purge-backups, where nobody can be asked: the plan's name.",
        HelpName = "NAME",
    };

    private static readonly Option<bool> Force = new("--force") { Description = "Stop the plan's Jobs that run now." };

    public static Command Create() => Verb.Create(
        "uninstall",
        "Take the installed plan's objects out of its namespace. Backups stay, unless --purge-backups.",
        [DryRunOption.Option, Purge, Confirm, Force],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var dryRun = DryRunOption.Read(parsed);
        using var api = await context.ClusterAsync(cancellationToken);
        var plan = await Uninstaller.InstalledNameAsync(api, cancellationToken) ?? throw new UserError(
            $"no plan is installed in namespace {api.Namespace}", "name the platform's namespace with -n", ExitCode.Usage);
        var uninstaller = new Uninstaller(api, api.Namespace, plan);
        var running = await uninstaller.RunningAsync(cancellationToken);
        if (running.Count > 0 && !parsed.GetValue(Force) && dryRun == DryRun.None)
        {
            throw new UserError(
                $"a job of plan {plan} runs now: {string.Join(", ", running)}", "wait until it has ended, or stop it with --force", ExitCode.Locked);
        }

        var purge = parsed.GetValue(Purge);
        if (purge && dryRun == DryRun.None)
        {
            await ConfirmAsync(parsed, plan, await uninstaller.ClaimsAsync(cancellationToken), api, cancellationToken);
        }

        // Only the cluster knows what there is to delete: with client, it is only read.
        var changes = await uninstaller.RunAsync(
            purge, dryRun switch { DryRun.None => DeleteMode.Delete, DryRun.Server => DeleteMode.Try, _ => DeleteMode.Look }, cancellationToken);
        InstallOutput.Print(context, changes, dryRun == DryRun.None ? "" : $" ({dryRun.ToString().ToLowerInvariant()} dry run)");
        if (!purge && dryRun == DryRun.None && changes.Any(c => c.Action == ObjectChange.Kept))
        {
            context.Say("");
            context.Say($"the backups are kept; installing the plan again finds them. To delete them: kubectl -n {api.Namespace} delete pvc NAME");
        }

        return ExitCode.Done;
    }

    private static async Task ConfirmAsync(
        ParseResult parsed, string plan, IReadOnlyList<string> claims, ClusterApi api, CancellationToken cancellationToken)
    {
        var what = claims.Count == 0 ? "no volumes" : $"the volumes {string.Join(", ", claims)} and every backup in them";
        var typed = parsed.GetValue(Confirm);
        if (typed is null)
        {
            if (Console.IsInputRedirected || Console.IsErrorRedirected)
            {
                throw new UserError(
                    $"this would delete {what}, and nobody can be asked: standard input is no terminal", $"add --confirm {plan} if that is what you want", ExitCode.Usage);
            }

            await Console.Error.WriteAsync($"This deletes {what} in namespace {api.Namespace}. Type the plan's name ({plan}) to go on: ".AsMemory(), cancellationToken);
            typed = await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        }

        if (typed?.Trim() != plan)
        {
            throw new UserError($"not confirmed (the plan's name is {plan}), nothing was changed", null, ExitCode.Cancelled);
        }
    }
}
