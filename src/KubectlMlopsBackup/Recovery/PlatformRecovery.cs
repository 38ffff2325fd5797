using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Cluster.Scaling;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Target;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Recovery.Platform;
using KubectlMlopsBackup.Recovery.Steps;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.Sources.ClusterConfig.Restore;

namespace KubectlMlopsBackup.Recovery;

/// <summary>
/// The steps that bring a platform back in a namespace, from its configuration to its monitoring. Each may be run again: what is there already
/// stays, and a Job that came through is not run twice.
/// </summary>
/// <param name="objects">Of the platform's configuration, as they are to be applied.</param>
/// <param name="observer">Sees what the Jobs say.</param>
internal sealed class PlatformRecovery(
    ClusterApi api, RecoverySettings settings, IReadOnlyList<ConfigObject> objects, IJobObserver observer, TimeProvider clock)
{
    /// <summary>For what the API server does by itself.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromMinutes(15);

    /// <summary>For pods to end that are to stand still.</summary>
    private static readonly TimeSpan Stop = TimeSpan.FromMinutes(5);

    private readonly List<string> warnings = [];
    private readonly List<RestoreOutcome> outcomes = [];

    /// <summary>What the checks found; empty where it did not come to them.</summary>
    public IReadOnlyList<CheckResult> Checks { get; private set; } = [];

    /// <summary>When the last check ended; null where it did not come to that.</summary>
    public DateTimeOffset? Checked { get; private set; }

    /// <summary>What a person should look at; no reason to fail.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>What the restoring Jobs came to, as far as they ran in this process's time.</summary>
    public IReadOnlyList<RestoreOutcome> Outcomes => outcomes;

    private InstalledPlan Target => settings.Target;

    private PlanSpec Spec => settings.Target.Spec;

    private bool IsElsewhere => settings.Namespace != settings.Source;

    /// <summary>In the order of the runbook.</summary>
    public IReadOnlyList<RecoveryStep> Steps()
    {
        var workload = Spec.Recovery.WorkloadDuration();
        var start = workload * 4;
        var restore = PlanDuration.Parse(Spec.Kubernetes!.ActiveDeadline.Artifacts) + settings.StartPatience + TimeSpan.FromMinutes(10);
        return
        [
            new(StepNames.Configuration, "configuration restored", Quick, ConfigureAsync),
            new(StepNames.DatabaseUp, "PostgreSQL up and ready", start, StartDatabaseAsync),
            new(StepNames.Database, "database restored", restore, t => RestoreAsync("postgres", settings.Point.Postgres, t)),
            new(StepNames.Artifacts, "MLflow artifacts restored", restore, t => RestoreAsync("artifacts", settings.Point.Artifacts, t)),
            new(StepNames.Mlflow, "MLflow up", start, t => StartAsync(g => g.Mlflow, "no workload looks like MLflow", t)),
            new(StepNames.Application, "application up", start, t => StartAsync(g => g.Application, "there is none", t)),
            new(StepNames.Monitoring, "monitoring up", start, t => StartAsync(g => g.Monitoring, "there is none in the namespace", t)),
            new(StepNames.Checks, "checks", restore, CheckAsync) { IsFleeting = true },
        ];
    }

    /// <summary>Namespace, Secrets, volumes, Services; workloads are made, and held until their data is back.</summary>
    private async Task<StepResult> ConfigureAsync(CancellationToken cancellationToken)
    {
        if (objects.Count == 0)
        {
            return StepResult.Skipped("the recovery point has no configuration");
        }

        var options = new ConfigRestoreOptions
        {
            Existing = ExistingPolicy.Skip,
            Namespaces = IsElsewhere ? new Dictionary<string, string> { [settings.Source] = settings.Namespace } : new Dictionary<string, string>(),
            RewriteDns = IsElsewhere,
            HoldWorkloads = true,
            HeldFor = ScheduleHold.RecoveryPrefix + settings.Id,
            Labels = new Dictionary<string, string> { [RecoveryJobs.Label] = settings.Id },
            Own = !IsElsewhere,
        };
        var report = await new ConfigRestorer(api, options, clock).RunAsync(objects, cancellationToken);
        warnings.AddRange(report.Review.Select(r => $"{r.Object}: {r.Field}: {r.What}"));
        if (!settings.IsDrill)
        {
            await StopRunningAsync(cancellationToken);
        }

        var failed = report.Objects.Where(o => o.IsMissing).ToList();
        var words = $"{report.Count(RestoreAction.Created)} objects made, {report.Objects.Count - report.Count(RestoreAction.Created) - failed.Count} there already or left out";
        return failed.Count == 0
            ? StepResult.Done(words)
            : StepResult.Incomplete($"{words}; not applied: {string.Join("; ", failed.Take(5).Select(f => $"{f.Object}: {f.Reason}"))}{(failed.Count > 5 ? $" and {failed.Count - 5} more" : "")}");
    }

    /// <summary>What was there and runs must stand still while its data is replaced.</summary>
    private async Task StopRunningAsync(CancellationToken cancellationToken)
    {
        var groups = await GroupsAsync(cancellationToken);
        var scaler = new WorkloadScaler(api, settings.Namespace, clock);
        foreach (var workload in groups.Application.Concat(groups.Mlflow))
        {
            await scaler.StopAsync(workload, null, cancellationToken);
            await scaler.WaitStoppedAsync(workload, Stop, cancellationToken);
        }
    }

    private async Task<StepResult> StartDatabaseAsync(CancellationToken cancellationToken)
    {
        if (Spec.Postgres is not { } postgres)
        {
            return StepResult.Skipped("the plan has no database");
        }

        var groups = await GroupsAsync(cancellationToken);
        var words = await Starter().StartAsync(groups.Database, cancellationToken);
        if (words is not null)
        {
            return StepResult.Done(words);
        }

        var service = postgres.Host.Split('.')[0];
        var found = await api.FindAsync(ApiResource.Services, settings.Namespace, service, ClusterJson.Default.ServiceView, cancellationToken);
        if (found?.Spec?.Selector is not { Count: > 0 } selector)
        {
            return StepResult.Skipped($"{postgres.Host} is not run by this namespace");
        }

        await Starter().WaitForPodAsync(service, selector, cancellationToken);
        return StepResult.Done($"a pod of service/{service} is ready");
    }

    /// <param name="snapshot">Null where the recovery point has none.</param>
    private async Task<StepResult> RestoreAsync(string component, string? snapshot, CancellationToken cancellationToken)
    {
        if (snapshot is null)
        {
            return StepResult.Skipped($"the recovery point has no {component}");
        }

        if (component == "artifacts" && Spec.Artifacts is null)
        {
            return StepResult.Incomplete("the artifacts are in S3 and belong to no namespace: they are not rehearsed. Give drills a place with spec.recovery.drill.artifacts; until then, verify data and verify mlflow prove the backup");
        }

        var target = new TargetNamespace(api, Target, warnings.Add);
        if (IsElsewhere)
        {
            await target.CheckAsync(cancellationToken);
        }

        await target.PrepareAsync(cancellationToken);
        var job = AgentJobs.Restore(Spec, ["restore", component, $"--from={snapshot}", $"--repository={settings.Point.Repository}", "--yes", .. settings.IsDrill && component == "postgres" ? ["--drop-previous"] : Array.Empty<string>()]) with
        {
            Name = $"recovery-{component}",
            // Restoring again is harmless, and a pod that was cut off is no reason to wake somebody.
            Retries = 1,
            ReadsPostgres = component == "postgres",
            ReadsArtifacts = component == "artifacts",
        };
        var (code, outcome) = await Jobs().RunAsync(job, LocalJson.Default.RestoreOutcome, made => target.GiveToAsync(made, cancellationToken), cancellationToken);
        if (outcome is not null)
        {
            outcomes.Add(outcome);
        }

        var words = Words(outcome);
        return code == ExitCode.Done ? StepResult.Done(words) : StepResult.Incomplete($"{words ?? "something was left out"}; see: kubectl -n {settings.Namespace} logs -l app.kubernetes.io/component={job.Name}");
    }

    /// <summary>By the plan's checks. One that fails is no step that failed: the platform is there, and the report says what is wrong with it.</summary>
    private async Task<StepResult> CheckAsync(CancellationToken cancellationToken)
    {
        if (settings.Point is { Postgres: not null, Artifacts: not null })
        {
            // The plan is a copy of this recovery's own.
            Spec.Recovery.Checks = CheckDefaults.WithConsistency(Spec);
        }

        var target = new TargetNamespace(api, Target, warnings.Add);
        await target.PrepareAsync(cancellationToken);
        var run = new PlatformChecks(
            api,
            Target,
            async (job, token) =>
            {
                await target.GiveToAsync(job, token);
                return await Jobs().FollowAsync(job, CheckJson.Default.IReadOnlyListCheckResult, token);
            },
            clock);
        List<string> arguments = [$"--from={settings.Point.Id}", $"--repository={settings.Point.Repository}", "--exact"];
        if (settings.IsDrill)
        {
            arguments.Add("--isolated");
        }

        Checks = await run.RunAsync(arguments, cancellationToken);
        Checked = clock.GetUtcNow();
        return StepResult.Done($"{Checks.Count(c => c.Outcome == CheckOutcome.Passed)} of {Checks.Count} passed");
    }

    private async Task<StepResult> StartAsync(Func<PlatformGroups, IReadOnlyList<Workload>> group, string none, CancellationToken cancellationToken)
    {
        var workloads = group(await GroupsAsync(cancellationToken));
        return await Starter().StartAsync(workloads, cancellationToken) is { } words ? StepResult.Done(words) : StepResult.Skipped(none);
    }

    private Task<PlatformGroups> GroupsAsync(CancellationToken cancellationToken) => PlatformGroups.ReadAsync(api, settings.Namespace, Spec, cancellationToken);

    private PlatformStarter Starter() => new(api, settings.Namespace, Spec.Recovery.WorkloadDuration(), clock, observer.Note);

    private RecoveryJobs Jobs() => new(api, Target, observer, settings.StartPatience, clock);

    private static string? Words(RestoreOutcome? outcome) => outcome switch
    {
        { Postgres: { } postgres } => $"{postgres.Tables.Count:N0} tables, {postgres.Tables.Sum(t => t.Actual):N0} rows",
        { Artifacts: { } artifacts } => $"{artifacts.Files:N0} files",
        _ => null,
    };
}
