using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Recovery;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Recovery.Steps;

namespace KubectlMlopsBackup.UnitTests.Recovery;

public sealed class RecoverRunTests
{
    private static readonly string[] Steps =
    [
        StepNames.Namespace, StepNames.Pause, StepNames.Configuration, StepNames.DatabaseUp, StepNames.Database, StepNames.Artifacts, StepNames.Mlflow, StepNames.Application,
        StepNames.Monitoring, StepNames.Schedules, StepNames.Checks,
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_platform_comes_back_in_an_empty_cluster()
    {
        await using var world = await RecoveryWorld.StartAsync();

        var result = await world.RecoverAsync(resume: false, Token);

        Assert.Null(result.Failure);
        Assert.Equal(Steps, result.Journal.Steps.Select(s => s.Name));
        Assert.NotNull(result.Journal.Ended);
        var state = world.State();
        Assert.Contains("StatefulSet/postgres replicas=1 held=\n", state + "\n", StringComparison.Ordinal);
        Assert.Contains("Deployment/churn-api replicas=2 held=", state, StringComparison.Ordinal);
        Assert.Contains("CronJob/report  suspend=false", state, StringComparison.Ordinal);
        Assert.Contains("Job recovery-postgres", state, StringComparison.Ordinal);
        var report = ReportBuilder.Of(result, ReportKind.Recovery, new PlanSpec(), "v1.36.2");
        Assert.Equal(ReportVerdict.Passed, report.Verdict);
        Assert.True(report.Rto!.IsMet);
        Assert.Contains(new ReportCount("MLflow objects with artifacts", 5, 5), report.Counts);
        Assert.Equal(2, report.Checks.Single(c => c.Kind == "consistency").Consistency!.OrphanFiles);
        Assert.Equal(3600, report.Rpo!.Seconds, 60.0);
    }

    [Fact]
    public async Task The_database_is_restored_before_what_uses_it_runs()
    {
        await using var world = await RecoveryWorld.StartAsync();
        var running = new List<string>();
        var control = world.Cluster.Controller!;
        world.Cluster.Controller = (path, value) =>
        {
            control(path, value);
            if ((string?)value["kind"] == "Job" && value["metadata"]!["labels"]!["app.kubernetes.io/component"]!.GetValue<string>() == "recovery-postgres")
            {
                running.AddRange(world.State().Split('\n').Where(l => l.Contains("replicas=", StringComparison.Ordinal) && !l.Contains("replicas=0", StringComparison.Ordinal)));
            }
        };

        await world.RecoverAsync(resume: false, Token);

        Assert.StartsWith("StatefulSet/postgres", Assert.Single(running.Distinct()), StringComparison.Ordinal);
    }

    public static TheoryData<string> EachStep() => [.. Steps];

    /// <summary>The laptop goes away in the middle of a step: its first request of the step is answered, its next is not.</summary>
    [Theory]
    [MemberData(nameof(EachStep))]
    public async Task Interrupted_in_any_step_and_resumed_the_end_is_the_same(string step)
    {
        await using var straight = await RecoveryWorld.StartAsync();
        await straight.RecoverAsync(resume: false, Token);
        await using var world = await RecoveryWorld.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var left = int.MaxValue;
        world.Cluster.Refuse = (_, _) =>
        {
            if (left == int.MaxValue && Running(world) == step)
            {
                left = 1;
            }
            else if (left < int.MaxValue && --left < 0)
            {
                stop.Cancel();
            }

            return null;
        };

        var interrupted = await world.RecoverAsync(resume: false, stop.Token);
        world.Cluster.Refuse = null;
        var resumed = interrupted.Cancelled ? await world.RecoverAsync(resume: true, Token) : interrupted;

        Assert.True(interrupted.Cancelled || step is StepNames.Namespace or StepNames.Monitoring, $"it was not interrupted in {step}");
        Assert.Null(resumed.Failure);
        Assert.Equal(straight.State(), world.State());
        Assert.Equal(interrupted.Journal.Began, resumed.Journal.Began);
        Assert.All(resumed.Journal.Steps, s => Assert.True(s.IsOver, s.Name));
    }

    [Fact]
    public async Task A_restoring_Job_that_came_through_is_not_run_again()
    {
        await using var world = await RecoveryWorld.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        world.Cluster.Refuse = (method, path) =>
        {
            if (method == "GET" && path.EndsWith("/log", StringComparison.Ordinal))
            {
                stop.Cancel();
            }

            return null;
        };
        Assert.True((await world.RecoverAsync(resume: false, stop.Token)).Cancelled);
        world.Cluster.Refuse = null;

        await world.RecoverAsync(resume: true, Token);

        Assert.Single(world.Cluster.All(ApiResource.Jobs, RecoveryWorld.Source), j => RecoveryWorld.Component(j) == "Job recovery-postgres");
    }

    [Fact]
    public async Task A_step_that_is_refused_stops_the_recovery_and_says_what_is_missing()
    {
        await using var world = await RecoveryWorld.StartAsync();
        world.Cluster.Refuse = (method, path) => method == "POST" && path.EndsWith("/jobs", StringComparison.Ordinal) ? 403 : null;

        var result = await world.RecoverAsync(resume: false, Token);

        Assert.IsType<ClusterException>(result.Failure);
        Assert.Equal(StepState.Failed, result.Journal.Step(StepNames.Database)!.State);
        Assert.Equal(StepState.Pending, result.Journal.Step(StepNames.Mlflow)!.State);
        Assert.Contains("Deployment/mlflow-server replicas=0 held=1", world.State(), StringComparison.Ordinal);
        Assert.Equal(ReportVerdict.Failed, ReportBuilder.Of(result, ReportKind.Recovery, new PlanSpec(), null).Verdict);
    }

    /// <summary>What is there already, and what comes back with the configuration.</summary>
    [Fact]
    public async Task No_schedule_runs_while_data_is_replaced_and_each_runs_again_at_the_end_but_what_its_owner_had_suspended()
    {
        await using var world = await RecoveryWorld.StartAsync();
        Schedules(world);
        var seen = new List<string>();
        var control = world.Cluster.Controller!;
        world.Cluster.Controller = (path, value) =>
        {
            control(path, value);
            if ((string?)value["kind"] == "Job")
            {
                seen.Add($"{RecoveryWorld.Component(value)}: {Suspended(world)}");
            }
        };

        var result = await world.RecoverAsync(resume: false, Token);

        Assert.Null(result.Failure);
        Assert.Equal(
            [
                "Job recovery-postgres: nightly=true off=true postgres-backup=true report=true",
                "Job recovery-artifacts: nightly=true off=true postgres-backup=true report=true",
                "Job platform-check: nightly=false off=true postgres-backup=false report=false",
            ],
            seen);
        Assert.Equal("suspended until the end: nightly, postgres-backup", result.Journal.Step(StepNames.Pause)!.Detail);
        Assert.All(world.Cluster.All(ApiResource.CronJobs, RecoveryWorld.Source), c => Assert.Null(c["metadata"]!["annotations"]?["mlopsbackup.io/restore"]));
        Assert.DoesNotContain(result.Warnings, w => w.Contains("suspended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_recovery_that_failed_schedules_stay_suspended_which_is_said_until_somebody_resumes()
    {
        await using var world = await RecoveryWorld.StartAsync();
        Schedules(world);
        world.Cluster.Refuse = (method, path) => method == "POST" && path.EndsWith("/jobs", StringComparison.Ordinal) ? 403 : null;

        var failed = await world.RecoverAsync(resume: false, Token);

        Assert.Equal("nightly=true off=true postgres-backup=true report=true", Suspended(world));
        var warning = Assert.Single(failed.Warnings, w => w.StartsWith("no backup runs", StringComparison.Ordinal));
        Assert.Contains("recover --resume -n mlops", warning, StringComparison.Ordinal);
        Assert.Contains("restore config --release -n mlops", warning, StringComparison.Ordinal);
        Assert.All(
            world.Cluster.All(ApiResource.CronJobs, RecoveryWorld.Source).Where(c => (string?)c["metadata"]!["name"] != "off"),
            c => Assert.Equal($"recovery-{failed.Journal.Id}", (string?)c["metadata"]!["annotations"]!["mlopsbackup.io/restore"]));

        // Somebody followed another advice meanwhile.
        var nightly = world.Cluster.Find(ApiResource.CronJobs, RecoveryWorld.Source, "nightly")!;
        nightly["spec"]!["suspend"] = false;
        world.Cluster.Put(ApiResource.CronJobs, RecoveryWorld.Source, nightly.ToJsonString());
        world.Cluster.Refuse = (_, path) => path.EndsWith("/statefulsets", StringComparison.Ordinal) ? 403 : null;
        Assert.NotNull((await world.RecoverAsync(resume: true, Token)).Failure);
        Assert.Equal("nightly=true off=true postgres-backup=true report=true", Suspended(world));

        world.Cluster.Refuse = null;
        Assert.Null((await world.RecoverAsync(resume: true, Token)).Failure);
        Assert.Equal("nightly=false off=true postgres-backup=false report=false", Suspended(world));
    }

    [Fact]
    public async Task Schedules_that_run_again_are_not_suspended_by_who_resumes_for_the_checks()
    {
        await using var world = await RecoveryWorld.StartAsync();
        Schedules(world);
        world.Hooks.Add(new RecoveryHookSpec { Name = "late", Before = StepNames.Checks, Command = ["/bin/false"] });
        Assert.NotNull((await world.RecoverAsync(resume: false, Token)).Failure);
        world.Hooks[0].Command = ["/bin/true"];

        Assert.Null((await world.RecoverAsync(resume: true, Token)).Failure);

        Assert.Equal("nightly=false off=true postgres-backup=false report=false", Suspended(world));
        Assert.DoesNotContain(world.Cluster.Changes.Reverse().TakeWhile(c => !c.Contains("/namespaces/mlops/jobs", StringComparison.Ordinal)), c => c.Contains("cronjobs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgres-backup")]
    [InlineData("mlflow-artifacts-backup")]
    [InlineData("config-backup")]
    [InlineData("backup-prune")]
    [InlineData("prune")]
    public async Task A_backup_that_runs_is_named_with_what_to_do_and_nothing_is_replaced(string component)
    {
        await using var world = await RecoveryWorld.StartAsync();
        Schedules(world);
        world.Cluster.Place(ApiResource.Jobs, RecoveryWorld.Source, Running(component));
        world.BackupPatience = TimeSpan.Zero;

        var result = await world.RecoverAsync(resume: false, Token);

        var error = Assert.IsType<UserError>(result.Failure);
        Assert.Contains("job/nightly-1 still runs in namespace mlops", error.Message, StringComparison.Ordinal);
        Assert.Contains("kubectl -n mlops delete job/nightly-1; then: kubectl mlopsbackup recover --resume -n mlops", error.Fix, StringComparison.Ordinal);
        Assert.Equal(StepState.Pending, result.Journal.Step(StepNames.Configuration)!.State);
        Assert.Equal("nightly=true off=true postgres-backup=true", Suspended(world));
    }

    [Theory]
    [InlineData("backup-verify", "")]
    [InlineData("postgres-backup", ", \"status\": {\"conditions\": [{\"type\": \"Complete\", \"status\": \"True\"}]}")]
    public async Task What_only_reads_the_repositories_or_has_ended_is_not_waited_for(string component, string more)
    {
        await using var world = await RecoveryWorld.StartAsync();
        Schedules(world);
        world.Cluster.Place(ApiResource.Jobs, RecoveryWorld.Source, Running(component, more));
        world.BackupPatience = TimeSpan.Zero;

        var result = await world.RecoverAsync(resume: false, Token);

        Assert.Equal(StepState.Done, result.Journal.Step(StepNames.Pause)!.State);
    }

    [Fact]
    public async Task A_pod_that_a_deleted_backup_has_left_is_waited_for_too()
    {
        await using var world = await RecoveryWorld.StartAsync();
        Schedules(world);
        world.Cluster.Put(
            ApiResource.Pods,
            RecoveryWorld.Source,
            """{"metadata": {"name": "nightly-1-x", "labels": {"app.kubernetes.io/name": "mlopsbackup", "app.kubernetes.io/component": "postgres-backup"} }, "status": {"phase": "Running"} }""");
        world.BackupPatience = TimeSpan.Zero;

        var result = await world.RecoverAsync(resume: false, Token);

        Assert.Contains("pod/nightly-1-x still runs", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_that_may_not_be_changed_is_named_and_holds_up_nothing()
    {
        await using var world = await RecoveryWorld.StartAsync();
        Schedules(world);
        world.Cluster.Refuse = (method, path) => method == "PATCH" && path.EndsWith("/cronjobs/nightly", StringComparison.Ordinal) ? 403 : null;

        var result = await world.RecoverAsync(resume: false, Token);

        Assert.Null(result.Failure);
        var pause = result.Journal.Step(StepNames.Pause)!;
        Assert.Equal(StepState.Incomplete, pause.State);
        Assert.Contains("not suspended: nightly (", pause.Detail, StringComparison.Ordinal);
        Assert.Equal(ReportVerdict.Incomplete, ReportBuilder.Of(result, ReportKind.Recovery, new PlanSpec(), null).Verdict);
    }

    [Fact]
    public void A_hook_may_stand_beside_every_step() => Assert.Equal(Steps, RecoveryHookSpec.Steps);

    [Fact]
    public async Task Hooks_run_where_the_plan_says_without_a_shell_and_know_what_it_is_about()
    {
        await using var world = await RecoveryWorld.StartAsync();
        world.Hooks.Add(new RecoveryHookSpec { Name = "freeze", Before = StepNames.Database, Command = ["/bin/sh", "-c", "echo \"$MLOPSBACKUP_HOOK in $MLOPSBACKUP_NAMESPACE, $0\"", "$(id); `id`"] });
        world.Hooks.Add(new RecoveryHookSpec { Name = "switch", After = StepNames.Checks, Command = ["/bin/true"] });

        var result = await world.RecoverAsync(resume: false, Token);

        Assert.Null(result.Failure);
        var names = result.Journal.Steps.Select(s => s.Name).ToList();
        Assert.Equal(names.IndexOf(StepNames.Database) - 1, names.IndexOf("hook:freeze"));
        Assert.Equal("hook:switch", names[^1]);
        Assert.Contains("freeze: freeze in mlops, $(id); `id`", world.Notes);
    }

    [Fact]
    public async Task A_hook_that_fails_stops_the_recovery_and_is_run_again_by_who_resumes()
    {
        await using var world = await RecoveryWorld.StartAsync();
        world.Hooks.Add(new RecoveryHookSpec { Name = "once", Before = StepNames.Mlflow, Command = ["/bin/sh", "-c", "exit 3"] });

        var failed = await world.RecoverAsync(resume: false, Token);
        world.Hooks[0].Command = ["/bin/true"];
        var resumed = await world.RecoverAsync(resume: true, Token);

        Assert.Contains("hook once: /bin/sh ended with exit code 3", failed.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(StepState.Pending, failed.Journal.Step(StepNames.Mlflow)!.State);
        Assert.Null(resumed.Failure);
        Assert.Equal(2, resumed.Journal.Step("hook:once")!.Attempts);
    }

    [Fact]
    public async Task A_hook_of_a_plan_that_is_nobodys_file_is_not_run_and_named()
    {
        await using var world = await RecoveryWorld.StartAsync();
        world.RunHooks = false;
        world.Hooks.Add(new RecoveryHookSpec { Name = "evil", Before = StepNames.Database, Command = ["/bin/sh", "-c", "echo ran"] });

        var result = await world.RecoverAsync(resume: false, Token);

        Assert.Equal(StepState.Incomplete, result.Journal.Step("hook:evil")!.State);
        Assert.DoesNotContain("evil: ran", world.Notes);
        Assert.Equal(ReportVerdict.Incomplete, ReportBuilder.Of(result, ReportKind.Recovery, new PlanSpec(), null).Verdict);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_failure_with_a_fix()
    {
        await using var world = await RecoveryWorld.StartAsync();
        world.Hooks.Add(new RecoveryHookSpec { Name = "gone", Before = StepNames.Database, Command = ["/none/such"] });

        var error = Assert.IsType<UserError>((await world.RecoverAsync(resume: false, Token)).Failure);

        Assert.Contains("/none/such cannot be started", error.Message, StringComparison.Ordinal);
        Assert.Contains("spec.recovery.hooks", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Into_another_namespace_nothing_names_the_first()
    {
        await using var world = await RecoveryWorld.StartAsync();

        var result = await world.RecoverAsync(resume: false, Token, "elsewhere");

        Assert.Null(result.Failure);
        Assert.Contains("postgres.elsewhere.svc:5432", world.State("elsewhere"), StringComparison.Ordinal);
        Assert.DoesNotContain($"postgres.{RecoveryWorld.Source}", world.State("elsewhere"), StringComparison.Ordinal);
        Assert.Empty(world.Cluster.All(ApiResource.Secrets, RecoveryWorld.Source));
    }

    /// <summary>The platform's own, one of this program, and one that its owner has suspended.</summary>
    private static void Schedules(RecoveryWorld world)
    {
        world.Cluster.Put(ApiResource.Namespaces, null, """{"metadata": {"name": "mlops"} }""");
        foreach (var (name, suspend) in new[] { ("nightly", "false"), ("postgres-backup", "false"), ("off", "true") })
        {
            world.Cluster.Put(ApiResource.CronJobs, RecoveryWorld.Source, $$"""{"metadata": {"name": "{{name}}"}, "spec": {"schedule": "0 2 * * *", "suspend": {{suspend}} } }""");
        }
    }

    private static string Suspended(RecoveryWorld world) => string.Join(
        ' ', world.Cluster.All(ApiResource.CronJobs, RecoveryWorld.Source).Select(c => $"{c["metadata"]!["name"]}={c["spec"]!["suspend"]}").Order(StringComparer.Ordinal));

    private static string Running(string component, string more = "") => $$"""
        {"metadata": {"name": "nightly-1", "labels": {"app.kubernetes.io/name": "mlopsbackup", "app.kubernetes.io/component": "{{component}}"} }, "spec": {}{{more}} }
        """;

    private static string? Running(RecoveryWorld world) =>
        (string?)world.Cluster.Find(ApiResource.ConfigMaps, RecoveryWorld.Source, "mlopsbackup-recovery")?["data"]?["journal.json"] is { } text
            ? System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("steps").EnumerateArray()
                .FirstOrDefault(s => s.GetProperty("state").GetString() == "running") is { ValueKind: System.Text.Json.JsonValueKind.Object } running
                ? running.GetProperty("name").GetString()
                : null
            : null;
}
