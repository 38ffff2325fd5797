using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.UnitTests.Cluster;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.Manifests;

namespace KubectlMlopsBackup.UnitTests.InCluster;

public sealed class PlatformRestoreTests
{
    private const string Ns = "mlops";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_plans_schedules_stand_still_while_it_restores_and_run_again_however_it_ends(int code)
    {
        await using var cluster = await WorldAsync();
        using var api = await cluster.ConnectAsync(Ns);
        var during = "";

        var ended = await Restore(api).RunAsync(
            _ =>
            {
                during = Suspended(cluster);
                return Task.FromResult((ExitCode)code);
            },
            takenUp: false,
            Token);

        Assert.Equal((ExitCode)code, ended);
        Assert.Equal("another=false off=true postgres-backup=true", during);
        Assert.Equal("another=false off=true postgres-backup=false", Suspended(cluster));
        Assert.Null(cluster.Find(ApiResource.CronJobs, Ns, "postgres-backup")!["metadata"]!["annotations"]?["mlopsbackup.io/restore"]);
    }

    [Fact]
    public async Task While_the_Job_goes_on_without_this_machine_they_stay_and_another_lets_them_run()
    {
        await using var cluster = await WorldAsync();
        using var api = await cluster.ConnectAsync(Ns);
        await Assert.ThrowsAsync<JobLeftException>(() => Restore(api).RunAsync(
            _ => throw new JobLeftException(true, new OperationCanceledException()), takenUp: false, Token));
        Assert.Equal("another=false off=true postgres-backup=true", Suspended(cluster));

        // No workload is named by the plan: only the schedules say that somebody was at it.
        var other = Restore(api);
        var (stopped, job) = await other.TakeUpAsync(Token);
        Assert.True(stopped);
        Assert.Null(job);
        Assert.True(await other.StartAsync(Token));

        Assert.Equal("another=false off=true postgres-backup=false", Suspended(cluster));
    }

    [Fact]
    public async Task What_an_unfinished_recovery_holds_is_not_this_ones_to_let_run()
    {
        await using var cluster = await WorldAsync();
        cluster.Put(ApiResource.CronJobs, Ns, CronJob("postgres-backup", "true", Ours, """ "mlopsbackup.io/restore": "recovery-bcdfghjk", "mlopsbackup.io/replicas-before": "1" """));
        using var api = await cluster.ConnectAsync(Ns);

        Assert.False((await Restore(api).TakeUpAsync(Token)).Stopped);
        await Restore(api).RunAsync(_ => Task.FromResult(ExitCode.Done), takenUp: false, Token);

        Assert.Equal("another=false off=true postgres-backup=true", Suspended(cluster));
    }

    [Fact]
    public async Task Who_may_not_even_list_them_restores_all_the_same_and_is_told()
    {
        await using var cluster = await WorldAsync();
        cluster.Refuse = (_, path) => path.EndsWith("/cronjobs", StringComparison.Ordinal) ? 403 : null;
        using var api = await cluster.ConnectAsync(Ns);
        var said = new List<string>();
        var restore = Restore(api, said.Add);

        Assert.False((await restore.TakeUpAsync(Token)).Stopped);
        var code = await restore.RunAsync(_ => Task.FromResult(ExitCode.Done), takenUp: false, Token);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains(said, s => s.StartsWith("warning: not suspended: CronJobs may not be listed (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_not_suspend_them_restores_all_the_same_and_is_told()
    {
        await using var cluster = await WorldAsync();
        cluster.Refuse = (method, path) => method == "PATCH" && path.Contains("/cronjobs/", StringComparison.Ordinal) ? 403 : null;
        using var api = await cluster.ConnectAsync(Ns);
        var said = new List<string>();

        var code = await Restore(api, said.Add).RunAsync(_ => Task.FromResult(ExitCode.Done), takenUp: false, Token);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains(said, s => s.StartsWith("warning: not suspended: postgres-backup (", StringComparison.Ordinal));
    }

    /// <summary>Such as a pattern that fits nothing.</summary>
    [Fact]
    public async Task What_the_Job_refuses_leaves_the_platform_as_it_was()
    {
        await using var cluster = await WorldAsync();
        using var api = await cluster.ConnectAsync(Ns);
        var before = Suspended(cluster);
        var restore = Restore(api);

        var code = await restore.RunAsync(
            _ =>
            {
                Assert.NotEqual(before, Suspended(cluster));
                return Task.FromResult(ExitCode.Usage);
            },
            takenUp: false,
            Token);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal(before, Suspended(cluster));
        Assert.Equal("exit code 2", restore.Steps.Single(s => s.Name == "restore").Detail);
    }

    private const string Ours = """ "app.kubernetes.io/name": "mlopsbackup", "app.kubernetes.io/instance": "mlops-platform" """;

    /// <summary>Whoever goes on with it has to know of where the backups are.</summary>
    [Fact]
    public async Task A_restore_from_another_namespace_says_so_on_what_it_holds_and_is_taken_up_by_that()
    {
        await using var cluster = await WorldAsync();
        using var api = await cluster.ConnectAsync(Ns);
        var restore = Restore(api, source: "prod");
        await Assert.ThrowsAsync<JobLeftException>(() => restore.RunAsync(_ => throw new JobLeftException(true, new OperationCanceledException()), takenUp: false, Token));

        var held = (string)cluster.Find(ApiResource.CronJobs, Ns, "postgres-backup")!["metadata"]!["annotations"]!["mlopsbackup.io/restore"]!;
        Assert.Equal("prod", ScheduleHold.SourceOf(held));
        Assert.Equal(restore.Mark.Value, held);
        Assert.Equal($"kubectl mlopsbackup restore --resume -n prod --to-namespace {Ns}", restore.Again("--resume"));
        Assert.Null(ScheduleHold.SourceOf(Restore(api).Mark.Value));
        Assert.Equal($"kubectl mlopsbackup restore --abort -n {Ns}", Restore(api).Again("--abort"));

        var other = Restore(api, source: "prod");
        Assert.True((await other.TakeUpAsync(Token)).Stopped);
        Assert.True(await other.StartAsync(Token));
        Assert.Equal("another=false off=true postgres-backup=false", Suspended(cluster));
    }

    private static PlatformRestore Restore(ClusterApi api, Action<string>? say = null, string source = Ns) =>
        new(api, new InstalledPlan(Plans.Load(ClusterPlans.Minimal), ClusterPlans.Minimal, Ns, "1.2.3"), source, [], TimeProvider.System, say ?? (_ => { }));

    private static async Task<MemoryCluster> WorldAsync()
    {
        var cluster = await MemoryCluster.StartAsync();
        cluster.Put(ApiResource.CronJobs, Ns, CronJob("postgres-backup", "false", Ours));
        cluster.Put(ApiResource.CronJobs, Ns, CronJob("off", "true", Ours));
        cluster.Put(ApiResource.CronJobs, Ns, CronJob("another", "false", ""));
        return cluster;
    }

    private static string CronJob(string name, string suspend, string labels, string annotations = "") => $$"""
        {"metadata": {"name": "{{name}}", "labels": { {{labels}} }, "annotations": { {{annotations}} } }, "spec": {"schedule": "0 2 * * *", "suspend": {{suspend}} } }
        """;

    private static string Suspended(MemoryCluster cluster) => string.Join(
        ' ', cluster.All(ApiResource.CronJobs, Ns).Select(c => $"{c["metadata"]!["name"]}={c["spec"]!["suspend"]}").Order(StringComparer.Ordinal));
}
