using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary>The whole of it as an engineer goes through it: install, back up, break, restore.</summary>
public sealed class StoryTests(ClusterFixture cluster)
{
    private const string Break = "DROP TABLE runs";
    private const string Count = "SELECT count(*), sum(i) FROM runs";

    [Fact]
    public async Task What_was_broken_is_as_it_was_after_one_command()
    {
        await using var ns = await PlatformAsync();
        var files = await FilesAsync(ns);
        var rows = await ClusterPlatform.SqlAsync(ns, Count);

        var backup = await ns.DoneAsync("backup", "all", "-o", "json");
        Assert.Equal(["complete", "complete"], backup.Json.GetProperty("components").EnumerateArray().Select(c => c.GetProperty("verdict").GetString()));
        (await ns.RunAsync("restore", "all", "--dry-run")).Expect(ExitCode.Done);

        await ClusterPlatform.SqlAsync(ns, Break);
        await ns.KubectlAsync("exec", "deployment/mlflow-server", "--", "rm", "-rf", "/mlflow/artifacts/1");
        (await ns.RunAsync("restore", "all", "--dry-run")).Expect(ExitCode.CheckFailed);

        var restored = await ns.DoneAsync("restore", "all", "--yes", "-o", "json");

        Assert.Equal(rows, await ClusterPlatform.SqlAsync(ns, Count));
        Assert.Equal(files, await FilesAsync(ns));
        var steps = restored.Json.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("name").GetString());
        Assert.Equal(
            [
                "suspend schedules", "stop deployment/churn-api", "stop deployment/mlflow-server",
                "wait for the pods of deployment/churn-api to end", "wait for the pods of deployment/mlflow-server to end", "restore", "start deployment/mlflow-server", "start deployment/churn-api",
                "resume schedules", "wait for deployment/mlflow-server", "wait for deployment/churn-api",
            ],
            steps);
        await RunsAsBeforeAsync(ns);
        var dropped = (await ns.DoneAsync("drop-previous", "--yes", "-o", "json", "-q")).Json;
        Assert.StartsWith($"{ClusterPlatform.Database}_before_", Assert.Single(dropped.EnumerateArray().ToList()).GetString(), StringComparison.Ordinal);
        Assert.Equal("", await ClusterPlatform.SqlAsync(ns, $"SELECT datname FROM pg_database WHERE datname LIKE '{ClusterPlatform.Database}_before_%'"));
    }

    [Fact]
    public async Task Every_verb_works_on_the_repositories_in_the_cluster()
    {
        await using var ns = await PlatformAsync();
        var files = await FilesAsync(ns);
        await ClusterPlatform.SqlAsync(
            ns,
            "CREATE TABLE experiments (experiment_id int, artifact_location text); CREATE TABLE model_versions (name text, version int, source text); "
            + "INSERT INTO model_versions VALUES ('churn', 1, 'mlflow-artifacts:/1/a/artifacts')");
        await ns.DoneAsync("backup", "all");

        var listed = (await ns.DoneAsync("list", "-o", "json", "-q")).Json.EnumerateArray().ToList();
        Assert.Equal(["artifacts", "postgres"], listed.Select(s => s.GetProperty("component").GetString()!.ToLowerInvariant()).Order());
        var points = await ns.DoneAsync("list", "--recovery-points", "-o", "name", "-q");
        var point = Assert.Single(points.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var described = await ns.DoneAsync("describe", point, "-o", "json", "-q");
        Assert.Equal(point["recoverypoint/".Length..], described.Json.GetProperty("id").GetString());

        var verified = await ns.DoneAsync("verify", "data", "-o", "json", "-q");
        Assert.True(Assert.Single(verified.Json.EnumerateArray().ToList()).GetProperty("good").GetBoolean());
        await ns.DoneAsync("prune", "--dry-run");
        Assert.Contains("yes", (await ns.DoneAsync("describe", point, "-q")).Output, StringComparison.Ordinal);
        var sound = (await ns.DoneAsync("verify", "mlflow", "-o", "json", "-q")).Json;
        Assert.Equal(1, sound.GetProperty("findings").GetProperty("judged").GetProperty("model_version").GetInt64());
        Assert.Equal(point["recoverypoint/".Length..], sound.GetProperty("recoveryPoint").GetString());
        await ClusterPlatform.SqlAsync(ns, "INSERT INTO model_versions VALUES ('churn', 2, 'file:///mlflow/artifacts/gone')");
        var live = (await ns.RunAsync("verify", "mlflow", "--live", "-q")).Expect(ExitCode.CheckFailed);
        Assert.Contains("missing: model version churn/2", live.Output, StringComparison.Ordinal);

        var name = (await ns.DoneAsync("export", "artifacts")).Output.Trim();
        await ns.DoneAsync("export", "artifacts", "--file", "again.tar.gz");
        Assert.Equal(files, await SumsOfArchiveAsync(ns, name));
        Assert.Equal(files, await SumsOfArchiveAsync(ns, "again.tar.gz"));
        (await ns.RunAsync("export", "artifacts", "--file", "again.tar.gz")).Expect(ExitCode.Usage).SaysWithFix("again.tar.gz exists");
        Assert.Contains("CREATE TABLE public.runs", await SqlOfExportAsync(ns), StringComparison.Ordinal);
        Assert.Equal("", await ns.KubectlAsync("get", "jobs", "-l", "app.kubernetes.io/component=export", "-o", "name"));
    }

    [Fact]
    public async Task A_restore_that_fails_leaves_the_platform_running_and_as_it_was()
    {
        await using var ns = await PlatformAsync();
        await ns.DoneAsync("backup", "all");
        var files = await FilesAsync(ns);

        (await ns.RunAsync("restore", "all", "--from", "deadbeef", "--yes")).Expect(ExitCode.Failed).SaysWithFix("no recovery point deadbeef");

        await RunsAsBeforeAsync(ns);
        Assert.Equal(files, await FilesAsync(ns));
    }

    [Fact]
    public async Task A_restore_that_the_laptop_lost_is_finished_by_another()
    {
        await using var ns = await PlatformAsync();
        await ns.DoneAsync("backup", "all");
        await ClusterPlatform.SqlAsync(ns, Break);

        await LoseSightOfARestoreAsync(ns);

        Assert.Equal("0", await ns.KubectlAsync("get", "deployment", "mlflow-server", "-o", "jsonpath={.spec.replicas}"));
        Assert.Equal("true", await ns.KubectlAsync("get", "cronjob", "postgres-backup", "-o", "jsonpath={.spec.suspend}"));
        await ns.DoneAsync("restore", "--resume");

        Assert.Equal("1000|500500\n", await ClusterPlatform.SqlAsync(ns, Count));
        await RunsAsBeforeAsync(ns);
        (await ns.RunAsync("restore", "--resume")).Expect(ExitCode.Usage).Says("no restore to resume");

        // What a controller does that heals by itself.
        await LoseSightOfARestoreAsync(ns);
        await ns.KubectlAsync("scale", "deployment/churn-api", "--replicas=1");
        (await ns.RunAsync("restore", "--resume")).Expect(ExitCode.Failed).Says("deployment/churn-api was started by somebody else while it was restored");

        // A laptop that was lost between the stopping and the Job: the restores before it are not taken for this one.
        await ns.KubectlAsync("annotate", "deployment/churn-api", "mlopsbackup.io/replicas-before=1", "mlopsbackup.io/restore=another");
        await ns.KubectlAsync("scale", "deployment/churn-api", "--replicas=0");
        (await ns.RunAsync("restore", "--resume")).Expect(ExitCode.Failed).SaysWithFix("nothing was restored", "restore again");
        await RunsAsBeforeAsync(ns);
    }

    private static async Task LoseSightOfARestoreAsync(TestNamespace ns)
    {
        var before = await RestoresAsync();
        using var laptop = ns.Start("restore", "all", "--yes");
        await UntilAsync(async () => await RestoresAsync() > before);
        laptop.Kill();

        async Task<int> RestoresAsync() => (await ns.KubectlAsync("get", "jobs", "-l", "app.kubernetes.io/component=restore", "-o", "name"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    [Fact]
    public async Task A_restore_that_is_aborted_leaves_the_platform_running()
    {
        await using var ns = await PlatformAsync();
        await ns.DoneAsync("backup", "all");
        // Its pod waits for a node that is not there, until somebody has enough of it.
        await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns, plan => plan.Replace(
            "  kubernetes:\n", "  kubernetes:\n    nodeSelector: {no: node}\n", StringComparison.Ordinal)));
        using var lost = ns.Start("restore", "all", "--yes", "--start-timeout", "10m");
        await UntilAsync(async () => (await ns.KubectlAsync("get", "jobs", "-l", "app.kubernetes.io/component=restore", "-o", "name")).Length > 0);
        lost.Kill();
        (await ns.RunAsync("restore", "all", "--yes")).Expect(ExitCode.Locked).SaysWithFix("a restore runs already", "--resume", "--abort");

        await ns.DoneAsync("restore", "--abort");

        await RunsAsBeforeAsync(ns);
        Assert.Equal("", await ns.KubectlAsync("get", "pods", "-l", "app.kubernetes.io/component=restore", "-o", "name"));
    }

    [Fact]
    public async Task Two_backups_at_once_are_both_good()
    {
        await using var ns = await PlatformAsync();

        var both = await Task.WhenAll(ns.RunAsync("backup", "artifacts"), ns.RunAsync("backup", "artifacts"));

        Assert.All(both, b => b.Expect(ExitCode.Done));
        Assert.Equal(2, (await ns.DoneAsync("list", "artifacts", "-o", "json", "-q")).Json.GetArrayLength());
        await ns.DoneAsync("verify", "data");
    }

    private async Task<TestNamespace> PlatformAsync()
    {
        var ns = await cluster.NamespaceAsync();
        await ClusterPlatform.DeployAsync(cluster, ns);
        await ClusterPlatform.SqlAsync(ns, "CREATE TABLE runs (i int PRIMARY KEY); INSERT INTO runs SELECT generate_series(1, 1000)");
        await ns.KubectlAsync(
            "exec", "deployment/mlflow-server", "--", "sh", "-ec",
            "mkdir -p /mlflow/artifacts/1/a/artifacts /mlflow/artifacts/2; cd /mlflow/artifacts; head -c 3000000 /dev/urandom > 1/a/artifacts/model.bin; echo flavors > 1/a/artifacts/MLmodel; echo two > 2/notes");
        await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns));
        await ns.DoneAsync("init", "--repositories");
        return ns;
    }

    private static async Task RunsAsBeforeAsync(TestNamespace ns)
    {
        foreach (var name in new[] { "mlflow-server", "churn-api" })
        {
            var workload = await ns.GetAsync("deployment", name);
            Assert.Equal(1, workload.GetProperty("spec").GetProperty("replicas").GetInt32());
            Assert.False(workload.GetProperty("metadata").GetProperty("annotations").TryGetProperty("mlopsbackup.io/replicas-before", out _));
            await ns.KubectlAsync("rollout", "status", $"deployment/{name}", "--timeout=2m");
        }

        Assert.Equal("false", await ns.KubectlAsync("get", "cronjob", "postgres-backup", "-o", "jsonpath={.spec.suspend}"));
    }

    /// <summary>Every file of the artifacts with its hash.</summary>
    private static Task<string> FilesAsync(TestNamespace ns) => ns.KubectlAsync(
        "exec", "deployment/mlflow-server", "--", "sh", "-ec", "cd /mlflow/artifacts; find . -type f ! -path './lost+found*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum");

    private static Task<string> SumsOfArchiveAsync(TestNamespace ns, string name) => ShellAsync(
        ns, $"rm -rf out && mkdir out && cd out && tar xzf ../{name} && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum");

    private static async Task<string> SqlOfExportAsync(TestNamespace ns)
    {
        await ns.DoneAsync("export", "postgres", "--file", "dump.sql.gz");
        return await ShellAsync(ns, "zcat dump.sql.gz");
    }

    private static async Task<string> ShellAsync(TestNamespace ns, string script)
    {
        using var process = new Cli.Fixtures.CliProcess("sh", ["-ec", script], null, ns.Folder, null);
        var result = await process.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        return result.Expect(ExitCode.Done).Output;
    }

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await done())
        {
            await timer.WaitForNextTickAsync(time.Token);
        }
    }
}
