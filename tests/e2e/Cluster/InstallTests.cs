using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary><c>install</c> and <c>uninstall</c> on a real cluster.</summary>
public sealed class InstallTests(ClusterFixture cluster)
{
    private const string CronJob = "cronjob.batch/postgres-backup";

    [Fact]
    public async Task Install_twice_changes_nothing()
    {
        await using var ns = await PlatformAsync();
        var plan = await ClusterPlatform.PlanAsync(cluster, ns);

        var first = await ns.DoneAsync("install", "-f", plan);
        var before = await VersionsAsync(ns);
        var second = await ns.DoneAsync("install", "-f", plan);

        Assert.Contains($"{CronJob} created", first.Output, StringComparison.Ordinal);
        Assert.Equal(10, second.Output.Split(" unchanged\n").Length - 1);
        Assert.DoesNotContain(" configured", second.Output, StringComparison.Ordinal);
        Assert.Equal(before, await VersionsAsync(ns));
    }

    [Fact]
    public async Task A_changed_plan_changes_its_own_objects_only_and_takes_away_what_it_needs_no_more()
    {
        await using var ns = await PlatformAsync();
        await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns));

        var changed = await ClusterPlatform.PlanAsync(
            cluster, ns, p => WithoutArtifacts(p).Replace("    database: mlflow", "    database: mlflow\n    schedule: \"30 1 * * *\"", StringComparison.Ordinal));
        var diff = (await ns.RunAsync("install", "-f", changed, "--diff")).Expect(ExitCode.Incomplete);
        Assert.Contains("-  schedule: \"0 2 * * *\"", diff.Output, StringComparison.Ordinal);
        Assert.Contains("+  schedule: \"30 1 * * *\"", diff.Output, StringComparison.Ordinal);
        Assert.Contains("cronjob.batch/mlflow-artifacts-backup would be deleted", diff.Output, StringComparison.Ordinal);
        Assert.True(await ns.HasAsync("cronjob", "mlflow-artifacts-backup"));

        var result = await ns.DoneAsync("install", "-f", changed);
        Assert.Contains($"{CronJob} configured", result.Output, StringComparison.Ordinal);
        Assert.Contains("cronjob.batch/mlflow-artifacts-backup deleted", result.Output, StringComparison.Ordinal);
        Assert.Contains("serviceaccount/backup-sa unchanged", result.Output, StringComparison.Ordinal);
        Assert.Contains("nothing would change", (await ns.DoneAsync("install", "-f", changed, "--diff")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client")]
    [InlineData("server")]
    public async Task A_dry_run_makes_nothing(string where)
    {
        await using var ns = await PlatformAsync();

        var result = await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns), $"--dry-run={where}");

        Assert.Contains($"({where} dry run)", result.Output, StringComparison.Ordinal);
        Assert.Equal("", await ns.KubectlAsync("get", "cronjob,networkpolicy,job", "-o", "name"));
    }

    [Fact]
    public async Task What_the_plan_names_must_be_there_before_anything_is_made()
    {
        await using var ns = await cluster.NamespaceAsync();
        await ns.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: postgres}\nstringData: {other-key: hunter2}");

        var result = (await ns.RunAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns))).Expect(ExitCode.Usage);

        result.SaysWithFix(
            "the key postgres-password of Secret postgres", "(other-key)", "Secret backup-passphrase", "create secret generic backup-passphrase --from-file=passphrase=",
            "PersistentVolumeClaim mlflow-artifacts", "Service postgres");
        Assert.DoesNotContain("hunter2", result.Error + result.Output, StringComparison.Ordinal);
        Assert.Equal("", await ns.KubectlAsync("get", "cronjob,pvc", "-o", "name"));
    }

    [Fact]
    public async Task A_field_that_someone_else_changed_is_shown_and_not_overwritten()
    {
        await using var ns = await PlatformAsync();
        var plan = await ClusterPlatform.PlanAsync(cluster, ns);
        await ns.DoneAsync("install", "-f", plan);
        await ns.KubectlAsync("patch", "cronjob", "postgres-backup", "--field-manager=night-shift", "-p", "{\"spec\":{\"schedule\":\"5 5 * * *\"}}");
        var changed = await ClusterPlatform.PlanAsync(cluster, ns, p => p.Replace("  encryption:", "  timeZone: Europe/Berlin\n  encryption:", StringComparison.Ordinal));

        var refused = (await ns.RunAsync("install", "-f", changed)).Expect(ExitCode.Failed);

        refused.SaysWithFix("postgres-backup", "night-shift", ".spec.schedule", "--force-conflicts");
        // Not even what comes before it was changed.
        Assert.DoesNotContain("Berlin", await ns.KubectlAsync("get", "configmap", "mlopsbackup-plan", "-o", "yaml"), StringComparison.Ordinal);
        await ns.DoneAsync("install", "-f", changed, "--force-conflicts");
        // What this program has set itself, in another way than by an installation, is in nobody's way.
        await ns.KubectlAsync("patch", "cronjob", "postgres-backup", "--field-manager=mlopsbackup", "-p", "{\"spec\":{\"schedule\":\"6 6 * * *\"}}");
        await ns.DoneAsync("install", "-f", changed);
        Assert.Equal("0 2 * * *", (await ns.GetAsync("cronjob", "postgres-backup")).GetProperty("spec").GetProperty("schedule").GetString());
    }

    [Fact]
    public async Task Another_plan_a_newer_version_and_objects_of_others_are_not_overwritten()
    {
        await using var ns = await PlatformAsync();
        await ns.ApplyAsync("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: backup-sa}");
        var plan = await ClusterPlatform.PlanAsync(cluster, ns);
        (await ns.RunAsync("install", "-f", plan)).Expect(ExitCode.Usage).SaysWithFix("serviceaccount/backup-sa is there already", "--force-conflicts");
        await ns.KubectlAsync("delete", "serviceaccount", "backup-sa");
        await ns.DoneAsync("install", "-f", plan);

        var other = await ClusterPlatform.PlanAsync(cluster, ns, p => p.Replace("name: mlops-platform", "name: other", StringComparison.Ordinal));
        (await ns.RunAsync("install", "-f", other, "--force-conflicts")).Expect(ExitCode.Usage).SaysWithFix("the plan mlops-platform", "uninstall");

        plan = await ClusterPlatform.PlanAsync(cluster, ns);
        await ns.KubectlAsync("label", "configmap", "mlopsbackup-plan", "app.kubernetes.io/version=99.0.0", "--overwrite");
        (await ns.RunAsync("install", "-f", plan)).Expect(ExitCode.Usage).SaysWithFix("99.0.0", "--allow-downgrade");

        await ns.KubectlAsync("label", "configmap", "mlopsbackup-plan", "argocd.argoproj.io/instance=gitops");
        (await ns.RunAsync("install", "-f", plan, "--allow-downgrade")).Expect(ExitCode.Usage).SaysWithFix("Argo CD (gitops)");
        await ns.DoneAsync("install", "-f", plan, "--allow-downgrade", "--force-conflicts");
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_only_made_when_asked()
    {
        await using var ns = await cluster.NamespaceAsync();
        var missing = $"{ns.Name}-x";
        var plan = await ClusterPlatform.PlanAsync(cluster, ns, p => WithoutArtifacts(p).Replace(ns.Name, missing, StringComparison.Ordinal)
            .Replace("host: postgres", "host: db.example.com", StringComparison.Ordinal)
            .Replace("passphraseSecret: {name: backup-passphrase, key: passphrase}", "none: true", StringComparison.Ordinal)
            .Replace("    passwordSecret: {name: postgres, key: postgres-password}\n", "", StringComparison.Ordinal));
        try
        {
            (await ns.RunInAsync(missing, "install", "-f", plan)).Expect(ExitCode.Usage).SaysWithFix($"there is no namespace {missing}", "--create-namespace");
            var made = (await ns.RunInAsync(missing, "install", "-f", plan, "--create-namespace")).Expect(ExitCode.Done);
            Assert.Contains($"namespace/{missing} created", made.Output, StringComparison.Ordinal);
        }
        finally
        {
            await cluster.KubectlAsync(["delete", "namespace", missing, "--wait=false", "--ignore-not-found"]);
        }
    }

    [Fact]
    public async Task Who_may_not_read_Secrets_is_warned_and_who_may_not_write_is_told_the_rule()
    {
        await using var ns = await PlatformAsync();
        await ns.KubectlAsync("create", "role", "installer", "--verb=get,list,patch,create,delete", "--resource=serviceaccounts,configmaps,persistentvolumeclaims,cronjobs.batch,services,deployments.apps");
        await ns.KubectlAsync("create", "rolebinding", "installer", "--role=installer", "--user=ivy");
        var plan = await ClusterPlatform.PlanAsync(cluster, ns);

        var refused = (await ns.RunAsync("install", "-f", plan, "--as", "ivy")).Expect(ExitCode.Failed);

        refused.SaysWithFix("you may not", "networkpolicies.networking.k8s.io", "apiGroups: [\"networking.k8s.io\"]");
        Assert.Equal("", await ns.KubectlAsync("get", "cronjob", "-o", "name"));
        await ns.KubectlAsync("create", "role", "nets", "--verb=get,list,patch,create,delete", "--resource=networkpolicies.networking.k8s.io");
        await ns.KubectlAsync("create", "rolebinding", "nets", "--role=nets", "--user=ivy");
        (await ns.DoneAsync("install", "-f", plan, "--as", "ivy")).Says("warning: not checked whether secret/postgres is there");
    }

    [Fact]
    public async Task Uninstall_keeps_the_backups_and_finds_them_again()
    {
        await using var ns = await PlatformAsync();
        var plan = await ClusterPlatform.PlanAsync(cluster, ns);
        await ns.DoneAsync("install", "-f", plan, "--init");
        var claim = (await ns.GetAsync("pvc", "backup-pvc")).GetProperty("metadata").GetProperty("uid").GetString();

        Assert.Contains("(server dry run)", (await ns.DoneAsync("uninstall", "--dry-run=server")).Output, StringComparison.Ordinal);
        Assert.True(await ns.HasAsync("configmap", "mlopsbackup-plan"));
        var result = await ns.DoneAsync("uninstall");

        Assert.Contains("persistentvolumeclaim/backup-pvc kept", result.Output, StringComparison.Ordinal);
        Assert.Equal("", await ns.KubectlAsync("get", "cronjob,networkpolicy", "-o", "name"));
        Assert.Equal(claim, (await ns.GetAsync("pvc", "backup-pvc")).GetProperty("metadata").GetProperty("uid").GetString());
        (await ns.RunAsync("uninstall")).Expect(ExitCode.Usage).SaysWithFix("no plan is installed");

        // The repository is opened, not made anew.
        Assert.Contains("exists already", (await ns.DoneAsync("install", "-f", plan, "--init")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backups_are_only_deleted_by_the_plans_own_name()
    {
        await using var ns = await PlatformAsync();
        await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns));

        (await ns.RunAsync("uninstall", "--purge-backups")).Expect(ExitCode.Usage).SaysWithFix("backup-pvc", "--confirm mlops-platform");
        (await ns.RunAsync("uninstall", "--purge-backups", "--confirm", "yes")).Expect(ExitCode.Cancelled);
        Assert.True(await ns.HasAsync("cronjob", "postgres-backup"));
        await ns.DoneAsync("uninstall", "--purge-backups", "--confirm", "mlops-platform");

        await ns.KubectlAsync("wait", "--for=delete", "pvc/backup-pvc", "--timeout=60s");
        Assert.True(await ns.HasAsync("pvc", "mlflow-artifacts"));
    }

    [Fact]
    public async Task A_running_job_is_not_taken_away_without_force()
    {
        await using var ns = await PlatformAsync();
        await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns));
        // A Job of the plan whose pod no node takes: it has not ended, and does not by itself.
        await ns.KubectlAsync("patch", "cronjob", "backup-verify", "-p", "{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"no\":\"node\"}}}}}}}");
        await ns.KubectlAsync("create", "job", "stuck", "--from=cronjob/backup-verify");

        (await ns.RunAsync("uninstall")).Expect(ExitCode.Locked).SaysWithFix("stuck", "--force");
        await ns.DoneAsync("uninstall", "--force");

        await ns.KubectlAsync("wait", "--for=delete", "job/stuck", "--timeout=60s");
    }

    /// <summary>Its objects; nothing of it need run.</summary>
    private async Task<TestNamespace> PlatformAsync()
    {
        var ns = await cluster.NamespaceAsync();
        await ClusterPlatform.ApplyAsync(cluster, ns);
        return ns;
    }

    private static string WithoutArtifacts(string plan) => plan
        .Replace("  artifacts:\n    volume: {claimName: mlflow-artifacts}\n", "", StringComparison.Ordinal)
        .Replace("    affinityLabels: {app: mlflow-server}\n", "", StringComparison.Ordinal);

    private static Task<string> VersionsAsync(TestNamespace ns) => ns.KubectlAsync(
        "get", "serviceaccount,configmap,networkpolicy,cronjob", "-l", "app.kubernetes.io/name=mlopsbackup",
        "-o", "jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}");
}
