using System.CommandLine;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Recovery.Reports;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>verify platform</c>: not whether the backups are good, but whether the platform works.</summary>
internal static class VerifyPlatformCommand
{
    private static readonly Option<bool> Exact = new("--exact")
    {
        Description = "Nobody has worked with the platform since it was restored: every row and every file drawn must be as in the snapshot.",
    };

    private static readonly Option<bool> Isolated = new("--isolated")
    {
        Description = "Go to Services of the platform's own namespace only, and to no url of the plan.",
    };

    private static readonly Option<string[]> Service = new("--service")
    {
        Description = "With --local: where a Service of the plan's checks is as seen from here, such as mlflow-server=http://127.0.0.1:5000.",
        HelpName = "NAME=URL",
    };

    private static readonly Option<bool> InCluster = new(PlatformChecks.InClusterOption) { Hidden = true };

    public static Command Create() => Verb.Create(
        "platform",
        "Check that the platform works: pods, servers, MLflow's registry, and its data against the newest backup (spec.recovery.checks).",
        [SelectionOptions.From, SelectionOptions.At, SelectionOptions.Repository, Exact, Isolated, Service, InCluster, InClusterVerb.StartTimeout],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var selection = SelectionOptions.Read(parsed);
        var services = Services(parsed.GetValue(Service) ?? []);
        IReadOnlyList<CheckResult> results;
        if (context.IsLocal)
        {
            var plan = await context.PlanAsync(cancellationToken);
            var options = new PlatformCheckOptions
            {
                Selection = selection,
                Repository = parsed.GetValue(SelectionOptions.Repository),
                Exact = parsed.GetValue(Exact),
                Isolated = parsed.GetValue(Isolated),
                InCluster = parsed.GetValue(InCluster),
                Services = services,
            };
            using var progress = context.Progress();
            progress.Counters.Begin("checking");
            results = await new PlatformCheckRun(plan, options).RunAsync(
                r => progress.Note($"{r.Name}: {r.Outcome.ToString().ToLowerInvariant()}"), cancellationToken);
        }
        else
        {
            if (services.Count > 0)
            {
                throw new UserError("--service is for --local", "in the cluster Services have their names: leave it out", ExitCode.Usage);
            }

            using var verb = await InClusterVerb.BeginAsync(parsed, context, cancellationToken);
            var checks = new PlatformChecks(
                verb.Api, verb.Installed, (job, token) => FollowAsync(verb, job, token), context.Clock);
            results = await checks.RunAsync([.. ForwardedArguments.Options(parsed, InClusterVerb.StartTimeout)], cancellationToken);
        }

        Print(context, results);
        return PlatformChecks.Code(results);
    }

    private static async Task<(ExitCode Code, IReadOnlyList<CheckResult>? Results)> FollowAsync(InClusterVerb verb, JobView job, CancellationToken cancellationToken) =>
        await verb.FollowAsync(job, CheckJson.Default.IReadOnlyListCheckResult, cancellationToken);

    private static void Print(VerbContext context, IReadOnlyList<CheckResult> results)
    {
        context.Print(
            results,
            CheckJson.Default.IReadOnlyListCheckResult,
            ReportText.Table,
            r => r.Where(x => x.Outcome != CheckOutcome.Passed).Select(x => $"check/{x.Name}"));
        context.Say($"{results.Count(r => r.Outcome == CheckOutcome.Passed)} of {Humanize.Count(results.Count)} checks passed");
    }

    /// <exception cref="UserError">One is not NAME=URL.</exception>
    private static Dictionary<string, Uri> Services(IEnumerable<string> pairs)
    {
        var services = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var parts = pair.Split('=', 2);
            var url = parts.Length == 2 && Uri.TryCreate(parts[1], UriKind.Absolute, out var parsed) ? parsed : null;
            services[parts[0]] = url is { Scheme: "http" or "https", UserInfo.Length: 0 }
                ? url
                : throw new UserError($"--service {parts[0]} is not NAME=URL", "write it as mlflow-server=http://127.0.0.1:5000, without user and password", ExitCode.Usage);
        }

        return services;
    }
}
