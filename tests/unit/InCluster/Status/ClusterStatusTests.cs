using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.State;
using static KubectlMlopsBackup.UnitTests.InCluster.Status.StatusWorld;

namespace KubectlMlopsBackup.UnitTests.InCluster.Status;

public sealed class ClusterStatusTests
{
    private readonly StatusWorld world = new();

    [Fact]
    public void A_night_that_went_well_is_safe()
    {
        var report = world.Report();

        Assert.True(report.Safe);
        Assert.Empty(report.Problems);
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(At(24, 2, 0), report.Components[0].LastSuccess);
        Assert.Equal("complete", report.Components[0].LastRun!.Verdict);
        Assert.Equal(At(25, 2, 0), report.Components[0].Schedule!.NextRun);
        Assert.Equal([3.0, 4, 5], report.Components[1].Seconds);
        Assert.Equal(At(29, 4, 0), report.Verification!.Schedule!.NextRun);
        Assert.Equal(At(24, 2, 0), report.Repositories[1].RecoveryPoint!.Time);
    }

    [Fact]
    public void What_no_Job_has_looked_at_is_not_known_and_not_safe()
    {
        world.Forget();
        foreach (var name in world.CronJobs.Keys)
        {
            world.CronJobs[name] = world.CronJobs[name] with { Metadata = new Metadata { Name = name, CreationTimestamp = Noon }, Status = null };
        }

        var report = world.Report();

        Assert.Equal(4, report.ExitCode);
        Assert.Equal(
            [("postgres", StatusProblemKind.Unknown, StatusSeverity.Error), ("artifacts", StatusProblemKind.Unknown, StatusSeverity.Error)],
            report.Problems.Select(p => (p.Subject, p.Kind, p.Severity)));
        Assert.All(report.Problems, p => Assert.Contains("is not known", p.Message, StringComparison.Ordinal));
        Assert.All(report.Problems, p => Assert.Contains("kubectl mlopsbackup verify structure -n ", p.Fix, StringComparison.Ordinal));
    }

    [Fact]
    public void A_repository_that_shows_no_snapshot_of_it_says_that_it_was_never_backed_up()
    {
        world.Forget();
        foreach (var name in world.CronJobs.Keys)
        {
            world.CronJobs[name] = world.CronJobs[name] with { Metadata = new Metadata { Name = name, CreationTimestamp = Noon }, Status = null };
        }

        var state = InFolder() with { Components = [Snapshots(Component.Artifacts, At(24, 3, 0))], RecoveryPoint = null };
        world.End("mlflow-artifacts-backup", At(24, 3, 0), ExitCode.Done, Outcome("artifacts", At(24, 3, 0), state));

        var report = world.Report();

        Assert.Equal(4, report.ExitCode);
        Assert.Contains(("postgres", StatusProblemKind.NeverSucceeded, "it was never backed up"), report.Problems.Select(p => (p.Subject, p.Kind, p.Message)));
        Assert.DoesNotContain(report.Problems, p => p is { Subject: "postgres" or "artifacts", Kind: StatusProblemKind.Unknown });
    }

    [Fact]
    public void A_backup_older_than_the_rpo_is_stale()
    {
        world.Now = At(25, 3, 1);
        world.Start("postgres-backup", At(25, 2, 0));
        world.Start("mlflow-artifacts-backup", At(25, 3, 0));

        var problem = world.Problem();

        Assert.Equal((StatusSeverity.Error, StatusProblemKind.Stale, "postgres"), (problem.Severity, problem.Kind, problem.Subject));
        Assert.Equal("the newest backup is 25h old, and the RPO is 24h", problem.Message);
    }

    [Fact]
    public void A_node_whose_clock_is_ahead_does_not_make_a_backup_young()
    {
        With(InFolder() with { Components = [.. InFolder().Components.Select(c => c with { NewestComplete = At(24, 15, 0) })] });

        var report = world.Report();

        Assert.False(report.Safe);
        Assert.Equal(["postgres", "artifacts"], report.Problems.Where(p => p.Kind == StatusProblemKind.Clock).Select(p => p.Subject));
        Assert.StartsWith("the newest backup is dated 3h from now", report.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clocks_differ_by_a_little()
    {
        With(InFolder() with { Components = [.. InFolder().Components.Select(c => c with { NewestComplete = At(24, 12, 4) })] });

        Assert.True(world.Report().Safe);
    }

    [Fact]
    public void A_backup_that_takes_its_time_is_not_stale_yet()
    {
        world.Now = At(25, 2, 30);
        world.Start("postgres-backup", At(25, 2, 0));

        var report = world.Report();

        Assert.True(report.Safe);
        Assert.Equal(("waiting", At(25, 2, 0)), (report.Components[0].Running!.Verdict, report.Components[0].Running!.Started));
    }

    [Fact]
    public void A_recovery_point_may_be_as_much_older_as_the_artifacts_are_backed_up_later()
    {
        // The newest database backup has no artifacts after it yet.
        world.Now = At(25, 3, 30);
        var point = new RecoveryPointState("4567abcd", At(25, 2, 0), false, null);
        var state = InFolder() with
        {
            Time = At(25, 2, 5),
            RecoveryPoint = point,
            CompletePoint = InFolder().RecoveryPoint,
            Components = [Snapshots(Component.Postgres, At(25, 2, 0)), Snapshots(Component.Artifacts, At(24, 3, 0))],
        };
        world.CronJobs["postgres-backup"] = Cron("postgres-backup", "0 2 * * *", At(25, 2, 0));
        world.End("postgres-backup", At(25, 2, 0), ExitCode.Done, Outcome("postgres", At(25, 2, 5), state, state with { Repository = "offsite", FreeBytes = null }));
        world.Start("mlflow-artifacts-backup", At(25, 3, 0));

        var report = world.Report();

        Assert.Empty(report.Problems);
        Assert.Equal(point, report.Repositories[0].NewestPoint);
        Assert.Equal(At(24, 2, 0), report.Repositories[0].RecoveryPoint!.Time);
    }

    [Fact]
    public void A_run_that_failed_says_why()
    {
        world.End("postgres-backup", At(24, 10, 0), ExitCode.Failed, Outcome(
            new ComponentOutcome(Component.Postgres, "failed", null, null, null, [], 0, "password authentication failed for user \"mlflow\"", [])));

        var problem = world.Problem();

        Assert.Equal((StatusSeverity.Error, StatusProblemKind.Failed, "postgres"), (problem.Severity, problem.Kind, problem.Subject));
        Assert.Equal("the last run was a failure 115m ago: password authentication failed for user \"mlflow\"", problem.Message);
        Assert.Contains("logs postgres-backup-3", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_that_was_made_good_is_none()
    {
        world.End("postgres-backup", At(24, 10, 0), ExitCode.Failed, """{"error":"no route to host","exitCode":1}""");
        world.End("postgres-backup", At(24, 11, 0), ExitCode.Done, Outcome("postgres", At(24, 11, 0)));

        Assert.True(world.Report().Safe);
    }

    [Theory]
    [InlineData((int)ExitCode.NoRepository, """{"error":"there is no repository at /x","fix":"create it","exitCode":10}""", "there is no repository at /x", "create it")]
    [InlineData((int)ExitCode.Failed, null, "exit code 1", null)]
    public void A_run_without_a_result_says_its_error(int code, string? message, string cause, string? fix)
    {
        world.End("postgres-backup", At(24, 10, 0), (ExitCode)code, message);

        var problem = world.Problem();

        Assert.Contains(message is null ? "failed" : cause, problem.Message, StringComparison.Ordinal);
        Assert.True(fix is null || problem.Fix == fix, problem.Fix);
    }

    [Fact]
    public void A_pod_that_was_out_of_memory_says_so()
    {
        world.End("postgres-backup", At(24, 10, 0), (ExitCode)137, null, "OOMKilled");

        Assert.Contains("more memory than its limit", world.Problem().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_left_out_is_incomplete_and_not_safe()
    {
        world.End("mlflow-artifacts-backup", At(24, 10, 0), ExitCode.Incomplete, Outcome(
            new ComponentOutcome(Component.Artifacts, "incomplete", new string('a', 64), At(24, 10, 0), new SnapshotStats(), [new Problem("1/a", "permission denied")], 3, null, [])));

        var problem = world.Problem();

        Assert.Equal((StatusSeverity.Error, StatusProblemKind.Incomplete), (problem.Severity, problem.Kind));
        Assert.Contains("artifacts: 3 left out, such as 1/a permission denied", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mirror_that_was_not_reached_is_named_with_its_reason()
    {
        world.End("mlflow-artifacts-backup", At(24, 10, 0), ExitCode.Incomplete,
            """{"components":[],"mirrors":[{"repository":"offsite","error":"403 Forbidden"}],"state":[{"repository":"offsite","time":"2026-11-24T10:00:00Z","error":"403 Forbidden"}],"exitCode":3}""");

        var report = world.Report();

        Assert.Equal([StatusProblemKind.Incomplete, StatusProblemKind.Unreadable], report.Problems.Select(p => p.Kind));
        Assert.Contains("not mirrored to offsite: 403 Forbidden", report.Problems[0].Message, StringComparison.Ordinal);
        // What was seen before it is still told, and from when it is.
        Assert.Equal(At(24, 3, 10), report.Repositories[1].AsOf);
        Assert.Equal("403 Forbidden", report.Repositories[1].Error);
    }

    [Fact]
    public void Damage_that_verify_found_comes_before_all_else()
    {
        world.CronJobs["postgres-backup"] = Cron("postgres-backup", "0 2 * * *", At(24, 2, 0), suspend: true);
        world.End("backup-verify", At(24, 4, 0), ExitCode.CheckFailed,
            """[{"repository":"local","good":false,"hurtSnapshots":["a"],"damages":[{"key":"packs/ab/abcd","what":"is missing"}]}]""");

        var report = world.Report();

        Assert.Equal([StatusProblemKind.Damaged, StatusProblemKind.Suspended], report.Problems.Select(p => p.Kind));
        Assert.Contains("local: 1 snapshot(s) hurt, such as by packs/ab/abcd: is missing", report.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspended_backup_is_not_safe_but_a_suspended_verification_is_a_warning()
    {
        world.CronJobs["mlflow-artifacts-backup"] = Cron("mlflow-artifacts-backup", "0 3 * * *", At(24, 3, 0), suspend: true);
        world.CronJobs["backup-verify"] = Cron("backup-verify", "0 4 * * 0", At(22, 4, 0), suspend: true);

        var report = world.Report();

        Assert.Equal(
            [(StatusSeverity.Error, "artifacts"), (StatusSeverity.Warning, "verify")],
            report.Problems.Where(p => p.Kind == StatusProblemKind.Suspended).Select(p => (p.Severity, p.Subject)));
        Assert.Null(report.Components[1].Schedule!.NextRun);
        Assert.Equal(2, report.Problems.Count);
    }

    [Theory]
    [InlineData("recovery-bcdfghjk", "suspended by a recovery that has not come to its end", "finish it: kubectl mlopsbackup recover --resume -n mlops;")]
    [InlineData("0123456789ab", "suspended by a restore that has not come to its end", "or kubectl mlopsbackup restore --abort -n mlops")]
    [InlineData("0123456789ab@prod", "suspended by a restore of the backups of namespace prod that has not come to its end", "finish it: kubectl mlopsbackup restore --resume -n prod --to-namespace mlops; or kubectl mlopsbackup restore --abort -n prod --to-namespace mlops")]
    [InlineData(null, "held since its configuration was restored", "kubectl mlopsbackup restore config --release")]
    public void What_holds_a_schedule_is_named_with_what_lets_it_run_again(string? holder, string message, string fix)
    {
        var held = Cron("postgres-backup", "0 2 * * *", At(24, 2, 0), suspend: true);
        var annotations = new Dictionary<string, string> { ["mlopsbackup.io/replicas-before"] = "1" };
        if (holder is not null)
        {
            annotations["mlopsbackup.io/restore"] = holder;
        }

        world.CronJobs["postgres-backup"] = held with { Metadata = held.Metadata with { Annotations = annotations } };

        var problem = Assert.Single(world.Report().Problems);

        Assert.Equal(StatusProblemKind.Suspended, problem.Kind);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Contains(fix, problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_CronJob_that_is_gone_is_named()
    {
        world.CronJobs.Remove("postgres-backup");

        Assert.Equal((StatusSeverity.Error, StatusProblemKind.Missing, "postgres"), world.Problem() is var p ? (p.Severity, p.Kind, p.Subject) : default);
    }

    [Fact]
    public void A_run_that_did_not_begin_is_overdue_and_then_missed()
    {
        world.CronJobs["postgres-backup"] = Cron("postgres-backup", "0 2 * * *", At(23, 2, 0));
        world.Now = At(24, 2, 10);
        Assert.DoesNotContain(world.Report().Problems, p => p.Kind == StatusProblemKind.Missed);

        world.Now = At(24, 7, 0);
        var late = world.Report().Problems.Single(p => p.Kind == StatusProblemKind.Missed);

        // The night's run is not there, and no other one after it.
        world.Jobs.RemoveAll(j => j.Metadata.Name.StartsWith("postgres", StringComparison.Ordinal));
        world.Pods.Clear();
        world.Now = At(24, 8, 1);
        var missed = world.Report().Problems.Single(p => p.Kind == StatusProblemKind.Missed);

        Assert.Equal((StatusSeverity.Warning, "the run of 5h ago has not begun yet"), (late.Severity, late.Message));
        Assert.Equal((StatusSeverity.Error, "the run of 6h1m ago was missed"), (missed.Severity, missed.Message));
    }

    [Fact]
    public void A_missed_run_that_was_made_up_for_by_hand_is_a_warning()
    {
        world.CronJobs["postgres-backup"] = Cron("postgres-backup", "0 2 * * *", At(23, 2, 0));
        world.End("postgres-backup", At(24, 11, 0), ExitCode.Done, Outcome("postgres", At(24, 11, 0)));

        Assert.Equal((StatusSeverity.Warning, StatusProblemKind.Missed), world.Problem() is var p ? (p.Severity, p.Kind) : default);
    }

    [Fact]
    public void A_run_at_work_is_shown_with_its_begin()
    {
        var job = world.Start("postgres-backup", At(24, 11, 58));
        world.Pod(job, "Running", new ContainerStateView(null, new RunningView(At(24, 11, 58)), null));

        var report = world.Report();

        Assert.True(report.Safe);
        Assert.Equal(("running", At(24, 11, 58)), (report.Components[0].Running!.Verdict, report.Components[0].Running!.Started));
        Assert.Equal("complete", report.Components[0].LastRun!.Verdict);
    }

    [Fact]
    public void A_pod_that_cannot_start_is_an_error_once_it_had_its_time()
    {
        var job = world.Start("postgres-backup", At(24, 11, 59));
        world.Pod(job, "Pending", new ContainerStateView(new WaitingView("ImagePullBackOff", "Back-off pulling image"), null, null));
        var soon = world.Problem();

        world.Now = At(24, 12, 2);
        var later = world.Problem();

        Assert.Equal((StatusSeverity.Warning, StatusProblemKind.Waiting), (soon.Severity, soon.Kind));
        Assert.Equal(StatusSeverity.Error, later.Severity);
        Assert.Contains("ImagePullBackOff: Back-off pulling image", later.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_that_no_node_takes_says_what_the_scheduler_says()
    {
        var job = world.Start("postgres-backup", At(24, 11, 0));
        world.Pod(job, "Pending", null, new Condition("PodScheduled", "False", "Unschedulable", "0/1 nodes are available", null));

        Assert.Contains("no node takes its pod: 0/1 nodes are available", world.Problem().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_that_runs_full_is_a_warning()
    {
        With(InFolder() with { FreeBytes = 9 * GiB });

        var problem = world.Problem();

        Assert.Equal((StatusSeverity.Warning, StatusProblemKind.Space, "local"), (problem.Severity, problem.Kind, problem.Subject));
        Assert.Contains("only 9.0 GiB of 50.0 GiB are free (18%)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_nights_must_fit()
    {
        With(InFolder() with { FreeBytes = GiB * 3 / 2, TotalBytes = 2 * GiB });

        Assert.Contains("1.5 GiB are free, and 2 nights may need 2.0 GiB", world.Problem().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_never_verified_or_not_of_late_is_a_warning()
    {
        With(InFolder() with
        {
            Components =
            [
                Snapshots(Component.Postgres, At(24, 2, 0)) with { VerifiedAt = null, Verified = null },
                Snapshots(Component.Artifacts, At(24, 3, 0)) with { VerifiedAt = At(8, 4, 0) },
            ],
        });

        Assert.Equal(
            ["no backup of it was ever verified", "it was last verified 16d ago"], world.Report().Problems.Select(p => p.Message));
        Assert.True(world.Report().Safe);
    }

    [Fact]
    public void A_repository_without_a_complete_recovery_point_is_not_safe()
    {
        With(InFolder() with { RecoveryPoint = new RecoveryPointState("0123abcd", At(24, 2, 0), false, null) });

        Assert.Equal(StatusProblemKind.NoRecoveryPoint, world.Problem().Kind);
    }

    [Fact]
    public void A_mirror_that_fell_behind_is_stale()
    {
        With(InS3() with { RecoveryPoint = new RecoveryPointState("0123abcd", At(22, 2, 0), true, null) });

        Assert.Equal((StatusProblemKind.Stale, "offsite"), world.Problem() is var p ? (p.Kind, p.Subject) : default);
    }

    [Theory]
    [InlineData(null, StatusSeverity.Error)]
    [InlineData("Lost", StatusSeverity.Error)]
    [InlineData("Pending", StatusSeverity.Warning)]
    public void A_volume_that_is_not_there_is_named(string? phase, object severity)
    {
        world.Claims["backup-pvc"] = phase is null ? null : new ClaimView { Status = new ClaimStatusView(phase) };

        Assert.Equal(((StatusSeverity)severity, StatusProblemKind.Missing), world.Problem() is var p ? (p.Severity, p.Kind) : default);
    }

    [Fact]
    public void Pods_that_are_gone_leave_what_the_CronJobs_know()
    {
        world.Pods.Clear();

        var report = world.Report();

        Assert.True(report.Safe);
        Assert.Equal(At(24, 2, 0), report.Components[0].LastSuccess);
        Assert.Equal(["local", "offsite"], report.Problems.Where(p => p.Kind == StatusProblemKind.Unknown).Select(p => p.Subject));
        Assert.Null(report.Repositories[0].AsOf);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("3")]
    [InlineData("""{"state":[{"repository":7}],"components":[3],"exitCode":0}""")]
    [InlineData("""{"truncated":true}""")]
    public void What_a_pod_says_that_cannot_be_read_is_left_out(string message)
    {
        world.End("postgres-backup", At(24, 10, 0), ExitCode.Done, message);

        Assert.True(world.Report().Safe);
    }

    private void With(RepositoryState state) =>
        world.End("mlflow-artifacts-backup", At(24, 10, 0), ExitCode.Done, Outcome("artifacts", At(24, 10, 0), state with { Time = At(24, 10, 1) }));
}
