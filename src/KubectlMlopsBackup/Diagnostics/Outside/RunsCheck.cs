using System.Text.Json;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>What became of the newest run of each kind, with its cause in one line.</summary>
internal sealed class RunsCheck(ClusterLook look) : Check
{
    /// <summary>The component of the Jobs that this very command makes.</summary>
    public const string Own = "doctor";

    private const string ComponentLabel = "app.kubernetes.io/component";
    private const int LastLines = 5;

    public override string Id => "runs";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var facts = await look.FactsAsync();
        var runs = new JobRuns(facts.Jobs, facts.Pods);
        var scheduled = AgentJobs.Of(look.Spec).Select(j => j.Name).ToHashSet(StringComparer.Ordinal);
        var good = new List<string>();
        foreach (var kind in facts.Jobs.GroupBy(j => j.Metadata.Label(ComponentLabel) ?? "").Where(g => g.Key != Own).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var last = kind.Where(j => j.End is not null).MaxBy(j => j.Ended);
            if (last?.IsFailed == true && !IsAnswer(last, runs.Pods(last)))
            {
                await FailedAsync(found, last, runs.Pods(last), scheduled.Contains(kind.Key), facts.Now, cancellationToken);
            }
            else if (last is not null)
            {
                good.Add($"{kind.Key} {Humanize.Age(facts.Now - (last.Ended ?? facts.Now))} ago");
            }

            foreach (var running in kind.Where(j => j.End is null && j.Spec?.Suspend != true))
            {
                await WaitingAsync(found, running, runs.Pods(running), cancellationToken);
            }
        }

        found.OkUnlessFault(good.Count == 0 ? "nothing has run yet" : $"ended well: {string.Join(", ", good)}");
    }

    /// <summary>A comparison that has found differences has not failed: somebody wanted to know.</summary>
    private static bool IsAnswer(JobView job, IReadOnlyList<PodView> pods) =>
        job.Metadata.Label(ComponentLabel) == AgentJobs.Comparison && RunReader.Of(job, pods).ExitCode == (int)ExitCode.CheckFailed;

    /// <param name="isScheduled">A run that somebody has made by hand, and seen fail, is no fault of the platform's.</param>
    private async Task FailedAsync(
        Findings found, JobView job, IReadOnlyList<PodView> pods, bool isScheduled, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var run = RunReader.Of(job, pods);
        var ended = pods.LastOrDefault(p => p.Container(AgentLog.Container)?.State?.Terminated is { ExitCode: not 0 });
        var state = ended?.Container(AgentLog.Container)?.State?.Terminated;
        var cause = run.Cause;
        if (string.IsNullOrWhiteSpace(state?.Message))
        {
            cause = await DeeperAsync(job, ended, cancellationToken) is { } deeper ? $"{cause}; {deeper}" : cause;
        }

        var fault = FaultOf(job, run.ExitCode, ended);
        found.Add(
            isScheduled ? FindingVerdict.Problem : FindingVerdict.Warning,
            fault,
            $"job {job.Metadata.Name}, {Humanize.Age(now - (job.Ended ?? now))} ago, exit code {run.ExitCode}: {cause}",
            run.Fix ?? Fix(fault, job.Metadata.Name));
    }

    private Fault FaultOf(JobView job, int? code, PodView? pod) =>
        pod?.Container(AgentLog.Container)?.State?.Terminated?.Reason == "OOMKilled" ? Faults.JobMemory
        : job.End?.Reason == "DeadlineExceeded" ? Faults.JobDeadline
        : (ExitCode?)code switch
        {
            ExitCode.Usage => Faults.JobPlan,
            ExitCode.Incomplete => Faults.JobIncomplete,
            ExitCode.CheckFailed => Found(job.Metadata.Label(ComponentLabel), pod),
            ExitCode.NoRepository => Faults.RepositoryMissing,
            ExitCode.WrongKey => look.Spec.Encryption?.Kms is null ? Faults.RepositoryKey : Faults.KmsKey,
            _ => Faults.JobFailed,
        };

    /// <summary>What a run that checks has found depends on what it looks at.</summary>
    private static Fault Found(string? component, PodView? pod) => component switch
    {
        AgentJobs.Drill => Faults.DrillFailed,
        AgentJobs.PlatformCheck => Faults.CheckFailed,

        // `verify mlflow`: a verification of repositories lists them.
        "verify" when pod is not null && RunReader.Result(pod) is { ValueKind: JsonValueKind.Object } => Faults.MlflowInconsistent,
        _ => Faults.JobDamage,
    };

    private string Fix(Fault fault, string job) => fault.Id switch
    {
        var id when id == Faults.RepositoryMissing.Id => $"kubectl mlopsbackup init --repositories -n {look.Namespace}",
        var id when id == Faults.RepositoryKey.Id =>
            $"put the passphrase that the repository was made with into the Secret {look.Spec.Encryption?.PassphraseSecret?.Name ?? "of spec.encryption.passphraseSecret"}",
        var id when id == Faults.KmsKey.Id => $"see what KMS says to the Jobs: kubectl mlopsbackup doctor -n {look.Namespace}, or kubectl mlopsbackup logs {job} -n {look.Namespace}",
        var id when id == Faults.JobDamage.Id => $"see what is hurt: kubectl mlopsbackup verify data -n {look.Namespace}",
        var id when id == Faults.DrillFailed.Id => $"see which step or check it was: kubectl mlopsbackup report show latest -n {look.Namespace}",
        var id when id == Faults.CheckFailed.Id => $"check again: kubectl mlopsbackup verify platform -n {look.Namespace}",
        var id when id == Faults.MlflowInconsistent.Id => $"see what is missing: kubectl mlopsbackup verify mlflow -n {look.Namespace}",
        _ => $"see all of it: kubectl mlopsbackup logs {job} -n {look.Namespace}",
    };

    /// <summary>Where the agent has left no word: the events, and the last lines of the log.</summary>
    private async Task<string?> DeeperAsync(JobView job, PodView? pod, CancellationToken cancellationToken)
    {
        try
        {
            if (pod is null)
            {
                var events = await look.Api.ListAsync(
                    ApiResource.Events, look.Namespace, null, $"involvedObject.uid={job.Metadata.Uid}", ClusterJson.Default.ListViewEventView, cancellationToken);
                return events.Items.Where(e => e.Type == "Warning").OrderBy(e => e.Time).LastOrDefault() is { } last ? $"{last.Reason}: {last.Message}" : null;
            }

            var lines = new List<string>();
            await foreach (var line in look.Api.LogAsync(look.Namespace, pod.Metadata.Name, AgentLog.Container, false, null, LastLines, cancellationToken))
            {
                // Its time comes first.
                var said = AgentLog.Parse(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..], look.Clock).Message;
                if (!string.IsNullOrWhiteSpace(said))
                {
                    lines.Add(said);
                }
            }

            return lines.Count == 0 ? null : $"its log ends: {string.Join(" / ", lines)}";
        }
        catch (ClusterException)
        {
            // The cause is a courtesy; that it failed is said anyway.
            return null;
        }
    }

    private async Task WaitingAsync(Findings found, JobView job, IReadOnlyList<PodView> pods, CancellationToken cancellationToken)
    {
        if (pods.Any(p => p.Container(AgentLog.Container)?.State?.Running is not null))
        {
            return;
        }

        if (await new StartExplainer(look.Api, look.Namespace).ExplainAsync(job, pods, cancellationToken) is { } trouble)
        {
            var evidence = $"job {job.Metadata.Name}: {trouble.What}";
            found.Problem(
                StartFaults.Of(trouble), evidence, trouble.Fix ?? $"see: {look.Kubectl($"describe pod -l job-name={job.Metadata.Name}")}");
        }
    }
}
