using System.CommandLine;
using System.Text.Json;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Installing;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Commands;

internal static class InstallCommand
{
    private static readonly Option<bool> Diff = new("--diff")
    {
        Description = "Show what would change, object by object, and change nothing. Exit code 0: nothing; 3: something.",
    };

    private static readonly Option<bool> Init = new("--init") { Description = "Make the plan's repositories too, in a Job." };

    private static readonly Option<bool> Force = new("--force-conflicts")
    {
        Description = "Take over fields and objects that someone else manages.",
    };

    private static readonly Option<bool> CreateNamespace = new("--create-namespace") { Description = "Make the namespace where it is not there." };

    private static readonly Option<bool> AllowDowngrade = new("--allow-downgrade")
    {
        Description = "Install over what a newer version of this program installed.",
    };

    public static Command Create() => Verb.Create(
        "install",
        "Bring the plan's schedules, accounts, volumes and network policy into its namespace, by server-side apply. Again: only what changed.",
        [DryRunOption.Option, Diff, Init, Force, CreateNamespace, AllowDowngrade, InClusterVerb.StartTimeout],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var dryRun = DryRunOption.Read(parsed);
        var path = context.PlanPath;
        var source = await PlanLoader.ReadTextAsync(path, cancellationToken);
        var plan = PlanLoader.Parse(source, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (dryRun == DryRun.Client)
        {
            var rendered = ManifestRenderer.Render(plan, new ManifestOptions(path, source, parsed.GetValue(ClusterFlags.Namespace), ToolVersion.Current));
            InstallOutput.Print(
                context, [.. rendered.Select(m => new ObjectChange(ApiResource.OfKind(m.Kind).Named(m.Name), "rendered"))], " (client dry run)");
            return ExitCode.Done;
        }

        using var api = await context.ClusterAsync(plan.Metadata.Namespace, cancellationToken);
        var manifests = ManifestRenderer.Render(plan, new ManifestOptions(path, source, api.Namespace, ToolVersion.Current));
        var installer = new Installer(api, plan, manifests, api.Namespace, ToolVersion.Current, w => Console.Error.WriteLine($"warning: {w}"));
        var options = new InstallOptions(
            dryRun == DryRun.Server, parsed.GetValue(Force), parsed.GetValue(CreateNamespace), parsed.GetValue(AllowDowngrade));
        if (parsed.GetValue(Diff))
        {
            var differences = await installer.DiffAsync(options, cancellationToken);
            InstallOutput.PrintDiff(context, differences);
            return differences.Any(d => d.IsChange) ? ExitCode.Incomplete : ExitCode.Done;
        }

        var before = await EarlierAsync(api, cancellationToken);
        var changes = await installer.InstallAsync(options, cancellationToken);
        InstallOutput.Print(context, changes, options.DryRun ? " (server dry run)" : "");
        if (KeyChangeNotice.Of(before?.Spec.Encryption, plan.Spec.Encryption, api.Namespace) is var (what, fix))
        {
            await Console.Error.WriteLineAsync($"warning: {what}\n  fix: {fix}");
        }

        if (options.DryRun)
        {
            return ExitCode.Done;
        }

        if (parsed.GetValue(Init))
        {
            return await MakeRepositoriesAsync(parsed, context, api, cancellationToken);
        }

        return ExitCode.Done;
    }

    /// <returns>Null where there is none, or none that can be read: it is only compared with.</returns>
    private static async Task<InstalledPlan?> EarlierAsync(ClusterApi api, CancellationToken cancellationToken)
    {
        try
        {
            return await InstalledPlan.FindAsync(api, cancellationToken);
        }
        catch (Exception e) when (e is UserError or ClusterException)
        {
            return null;
        }
    }

    /// <summary>In a Job of the CronJob <c>repository-init</c>.</summary>
    public static async Task<ExitCode> MakeRepositoriesAsync(ParseResult parsed, VerbContext context, ClusterApi api, CancellationToken cancellationToken)
    {
        var installed = await InstalledPlan.GetAsync(api, cancellationToken);
        var start = InClusterVerb.StartTime(parsed);
        var job = await new AgentRun(api, installed).StartScheduledAsync(AgentJobs.RepositoryInit, [], cancellationToken);
        var (code, _) = await InClusterVerb.FollowAsync(context, api, installed.Namespace, job, start, LocalJson.Default.JsonElement, cancellationToken);
        if (code == ExitCode.Done)
        {
            context.Say($"the repositories of plan {installed.Name} are there: {string.Join(", ", installed.Spec.Repositories.Select(r => r.Name))}");
        }

        return code;
    }
}
