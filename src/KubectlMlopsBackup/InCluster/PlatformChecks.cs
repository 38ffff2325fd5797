using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Recovery.Checks;

namespace KubectlMlopsBackup.InCluster;

/// <summary>
/// The checks of a plan in the namespace that it is installed in: the pods are looked at from here, with the caller's rights; all others run in a Job there, where
/// Services have their names and nothing has to be forwarded.
/// </summary>
/// <param name="follow">Follows the Job to its end; its result is null where it came to none.</param>
internal sealed class PlatformChecks(
    ClusterApi api, InstalledPlan installed, Func<JobView, CancellationToken, Task<(ExitCode Code, IReadOnlyList<CheckResult>? Results)>> follow, TimeProvider clock)
{
    /// <summary>Says to the agent that the names of Services mean something where it runs.</summary>
    public const string InClusterOption = "--in-cluster";

    /// <param name="arguments">Options of <c>verify platform</c> for the Job.</param>
    /// <returns>One a check, in the order of the plan. A Job that came to no result fails its checks.</returns>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var checks = CheckDefaults.Of(installed.Spec);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pods = checks.Where(c => c.Pods is not null)
            .Select(c => CheckRunner.RunAsync(c, token => new PodsCheck(api, installed.Namespace).RunAsync(c.Pods!, token), clock, stop.Token)).ToList();
        List<CheckResult> results = [];
        try
        {
            if (checks.Any(c => c.Pods is null))
            {
                results.AddRange(await RunJobAsync(checks, arguments, cancellationToken));
            }

            results.AddRange(await Task.WhenAll(pods));
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(pods)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return [.. checks.Select(c => results.Find(r => r.Name == c.Name) ?? NotTold(c, "the Job did not tell of it")).DistinctBy(r => r.Name)];
    }

    public static ExitCode Code(IReadOnlyList<CheckResult> results) =>
        results.Any(r => r.Outcome == CheckOutcome.Failed) ? ExitCode.CheckFailed
        : results.All(r => r.Outcome == CheckOutcome.Passed) ? ExitCode.Done
        : ExitCode.Incomplete;

    private async Task<IEnumerable<CheckResult>> RunJobAsync(IReadOnlyList<CheckSpec> checks, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var job = await new AgentRun(api, installed).StartAsync(
            AgentJobs.CheckPlatform(installed.Spec, ["verify", "platform", .. arguments, InClusterOption]), cancellationToken);
        var (code, results) = await follow(job, cancellationToken);
        return results ?? checks.Where(c => c.Pods is null).Select(c => NotTold(c, $"job {job.Metadata.Name} ended with exit code {(int)code} and no result"));
    }

    private static CheckResult NotTold(CheckSpec check, string why) =>
        new() { Name = check.Name, Kind = check.Kinds()[0], Outcome = CheckOutcome.Failed, Evidence = why };
}
