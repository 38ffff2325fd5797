using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Cluster.Scaling;

namespace KubectlMlopsBackup.InCluster;

/// <summary>
/// Restores under a platform that stands still: its schedules are suspended, its workloads stopped, the Job restores, all are started as they were.
/// Whatever fails, they are started again; only a Job that still runs keeps them stopped.
/// </summary>
/// <param name="source">The namespace whose backups are restored: the platform's own, or that of another.</param>
internal sealed class PlatformRestore(
    ClusterApi api, InstalledPlan installed, string source, IReadOnlyList<Workload> workloads, TimeProvider clock, Action<string> say)
{
    private static readonly TimeSpan Stop = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Ready = TimeSpan.FromMinutes(10);

    /// <summary>Four times the grace that a pod has to end in.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(2);

    /// <summary>For a backup that is at work.</summary>
    private static readonly TimeSpan Backup = TimeSpan.FromMinutes(10);

    private readonly WorkloadScaler scaler = new(api, installed.Namespace, clock);
    private readonly List<PlatformStep> steps = [];
    private string id = ScheduleHold.OfRestore(Guid.NewGuid().ToString("N")[..12], source == installed.Namespace ? null : source);

    private string RestoreSelector => $"{installed.Selector},app.kubernetes.io/component=restore";

    private ScheduleHold Schedules => new(api, installed.Namespace, installed.Selector, id, clock);

    public IReadOnlyList<PlatformStep> Steps => steps;

    /// <summary>The command that goes on with this restore.</summary>
    /// <param name="flag">As <see cref="RestoreCommandLine.Of"/> takes it.</param>
    public string Again(string flag) => RestoreCommandLine.Of(flag, source, installed.Namespace);

    /// <summary>Restore Jobs that have not ended.</summary>
    public async Task<IReadOnlyList<JobView>> RunningAsync(CancellationToken cancellationToken) =>
        [.. (await JobsAsync(cancellationToken)).Where(j => j.End is null)];

    /// <summary>What the Job of this restore is annotated with.</summary>
    public (string Key, string Value) Mark => (WorkloadScaler.StoppedFor, id);

    /// <summary>Takes up what another process has left.</summary>
    /// <returns>Whether workloads or schedules are stopped; and the restore's Job: null where there is none, since it did not come that far.</returns>
    public async Task<(bool Stopped, JobView? Job)> TakeUpAsync(CancellationToken cancellationToken)
    {
        var stopped = false;
        string? stoppedFor = null;
        foreach (var workload in workloads)
        {
            if (await scaler.FindAsync(workload, cancellationToken) is { } found && WorkloadScaler.Remembered(found) is not null)
            {
                stopped = true;
                stoppedFor ??= found.Metadata.Annotation(WorkloadScaler.StoppedFor);
            }
        }

        if (await ScheduleHold.FindRestoreAsync(api, installed, cancellationToken) is { } held && (stoppedFor ?? held) == held)
        {
            stopped = true;
            stoppedFor = held;
        }

        id = stoppedFor ?? id;
        var jobs = await JobsAsync(cancellationToken);
        return (stopped, jobs.Where(j => stoppedFor is null || j.Metadata.Annotation(WorkloadScaler.StoppedFor) == stoppedFor).MaxBy(j => j.Metadata.CreationTimestamp));
    }

    /// <param name="restore">Runs the Job to its end.</param>
    /// <param name="takenUp">The Job is there already: another process has stopped the workloads.</param>
    /// <exception cref="JobLeftException">Ctrl-C, and the Job goes on: the workloads stay stopped.</exception>
    public async Task<ExitCode> RunAsync(Func<CancellationToken, Task<ExitCode>> restore, bool takenUp, CancellationToken cancellationToken)
    {
        var code = ExitCode.Failed;
        try
        {
            var early = takenUp ? await StartedMeanwhileAsync(cancellationToken) : null;
            await StepAsync("suspend schedules", () => SuspendAsync(cancellationToken));
            await StopAllAsync(cancellationToken);
            await StepAsync("restore", async () => (code = await restore(cancellationToken)) is ExitCode.Done or ExitCode.Incomplete ? null : $"exit code {(int)code}");
            early ??= await StartedMeanwhileAsync(cancellationToken);
            if (early is not null && !await TryStepAsync("keep it stopped", () => throw early) && code is ExitCode.Done or ExitCode.Incomplete)
            {
                code = ExitCode.Failed;
            }
        }
        catch (JobLeftException e) when (e.Runs)
        {
            throw;
        }
        catch
        {
            // Also after Ctrl-C.
            await StartAsync(CancellationToken.None);
            throw;
        }

        var back = await StartAsync(cancellationToken);
        return code is ExitCode.Done or ExitCode.Incomplete && !back ? ExitCode.Failed : code;
    }

    /// <summary>Starts what a restore has stopped, last stopped first, and waits until it is ready. Every workload is tried.</summary>
    /// <returns>False where one is not back, or none was started because a restore does not end.</returns>
    public async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        // A pod of a restore that failed or was cancelled may still have its hands on the data.
        if (!await scaler.HavePodsEndedAsync(RestoreSelector, cancellationToken)
            && !await TryStepAsync("wait for the restore's pod to end", () => WaitQuietAsync(cancellationToken)))
        {
            return false;
        }

        var back = true;
        var started = new List<Workload>();
        foreach (var workload in workloads.Reverse())
        {
            back &= await TryStepAsync($"start {workload}", async () =>
            {
                if (await scaler.StartAsync(workload, cancellationToken) is not { } count)
                {
                    return "was not stopped";
                }

                started.Add(workload);
                return $"{count} replica{(count == 1 ? "" : "s")}";
            });
        }

        back &= await TryStepAsync("resume schedules", async () => Names(await Schedules.ReleaseAsync(cancellationToken)));
        foreach (var workload in started)
        {
            back &= await TryStepAsync($"wait for {workload}", async () =>
            {
                say($"wait for {workload}: until it is ready, {Ready.TotalMinutes:0} minutes at the most");
                await scaler.WaitReadyAsync(workload, Ready, cancellationToken);
                return "ready";
            });
        }

        return back;
    }

    /// <summary>A controller that heals by itself (Argo CD, Flux, an operator) undoes the stopping: the platform then writes into what is being restored.</summary>
    private async Task<UserError?> StartedMeanwhileAsync(CancellationToken cancellationToken)
    {
        foreach (var workload in workloads)
        {
            if (await scaler.FindAsync(workload, cancellationToken) is { Replicas: > 0 })
            {
                return new UserError(
                    $"{workload} was started by somebody else while it was restored: what it wrote meanwhile stands among what was restored",
                    "keep its owner from it (Argo CD and Flux: suspend the application), then restore again");
            }
        }

        return null;
    }

    private async Task<string?> WaitQuietAsync(CancellationToken cancellationToken)
    {
        await scaler.WaitPodsEndedAsync(
            RestoreSelector,
            Quiet,
            () => new UserError(
                "a restore's pod does not end, and the platform is not started beside it", $"see: kubectl -n {installed.Namespace} get pods -l {RestoreSelector}; then: {Again("--abort")}"),
            cancellationToken);
        return null;
    }

    /// <summary>And nothing may read, while it is replaced, what was begun before.</summary>
    private async Task<string?> SuspendAsync(CancellationToken cancellationToken)
    {
        var held = await Schedules.HoldAsync(cancellationToken);
        if (held.Refusals is { } refusals)
        {
            say($"warning: {refusals}");
        }

        await Schedules.WaitQuietAsync(Backup, say, Again("")["kubectl mlopsbackup ".Length..], cancellationToken);
        return Names(held.Names);
    }

    private static string Names(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    /// <summary>All are told before the first is waited for: the platform is down for as long as the slowest takes to end, not for the sum.</summary>
    private async Task StopAllAsync(CancellationToken cancellationToken)
    {
        var stopped = new List<Workload>();
        foreach (var workload in workloads)
        {
            await StepAsync($"stop {workload}", async () =>
            {
                if (await scaler.StopAsync(workload, id, cancellationToken) is not { } count)
                {
                    return "is not there";
                }

                stopped.Add(workload);
                return $"had {count} replica{(count == 1 ? "" : "s")}";
            });
        }

        foreach (var workload in stopped)
        {
            await StepAsync($"wait for the pods of {workload} to end", async () =>
            {
                await scaler.WaitStoppedAsync(workload, Stop, cancellationToken);
                return null;
            });
        }
    }

    private async Task StepAsync(string name, Func<Task<string?>> run)
    {
        var began = clock.GetTimestamp();
        try
        {
            Add(name, began, await run(), failed: false);
        }
        catch (Exception e) when (e is not JobLeftException)
        {
            Add(name, began, e is UserError { Fix: { } fix } ? $"{e.Message}; {fix}" : e.Message, failed: true);
            throw;
        }
    }

    private async Task<bool> TryStepAsync(string name, Func<Task<string?>> run)
    {
        try
        {
            await StepAsync(name, run);
            return true;
        }
        catch (Exception e) when (e is UserError or ClusterException)
        {
            return false;
        }
    }

    private void Add(string name, long began, string? detail, bool failed)
    {
        var step = new PlatformStep(name, Math.Round(clock.GetElapsedTime(began).TotalSeconds, 3), failed ? "failed" : "done", detail);
        steps.Add(step);
        say($"{step.Name}: {(failed ? "FAILED: " : "")}{step.Detail ?? "done"}");
    }

    private async Task<IReadOnlyList<JobView>> JobsAsync(CancellationToken cancellationToken) => (await api.ListAsync(
        ApiResource.Jobs, installed.Namespace, RestoreSelector, null, ClusterJson.Default.ListViewJobView, cancellationToken)).Items;
}
