using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Rights;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary>
/// Every Role that is documented (examples/rbac) or installed, against what the API server was asked for: no command and no Job is refused
/// what it needs, and no rule is there that nothing uses.
/// </summary>
public sealed class LeastPrivilegeTests(ClusterFixture cluster)
{
    private const string Operate = "mlopsbackup-to-operate";
    private const string Compare = "mlopsbackup-to-compare";
    private const string Export = "mlopsbackup-to-export";
    private const string LookUp = "mlopsbackup-to-look-up";

    /// <summary>
    /// Asked for to take away what an earlier plan made outside of the namespace, to see whether Argo CD looks after an object, and what drills have left: who may not look
    /// leaves it to who made it.
    /// </summary>
    private static readonly ApiRight[] MayBeRefused =
    [
        .. new[] { "roles", "rolebindings", "clusterroles", "clusterrolebindings" }.Select(r => new ApiRight("rbac.authorization.k8s.io", r, "list")),
        .. new[] { "validatingadmissionpolicies", "validatingadmissionpolicybindings" }.Select(r => new ApiRight("admissionregistration.k8s.io", r, "list")),
        new("argoproj.io", "applications", "list"),
        new("", "namespaces", "list"),
    ];

    [Fact]
    public async Task Each_role_gives_what_its_commands_and_jobs_ask_for_and_no_more()
    {
        var log = AuditLog.Open();
        await using var bucket = await ClusterBucket.CreateAsync();
        await using var ns = await cluster.NamespaceAsync();
        await using var other = await cluster.NamespaceAsync();
        await Task.WhenAll(ClusterPlatform.DeployAsync(cluster, ns), ClusterPlatform.DeployAsync(cluster, other));
        await Task.WhenAll(bucket.GiveKeysAsync(ns), bucket.GiveKeysAsync(other));
        await ns.KubectlAsync("exec", "deployment/mlflow-server", "--", "sh", "-ec", "mkdir -p /mlflow/artifacts/1; echo one > /mlflow/artifacts/1/model");
        var people = new RoleHolders(cluster, ns);
        var roles = await File.ReadAllTextAsync(Path.Combine(CommandLine.Checkout(), "examples/rbac/roles.yaml"), TestContext.Current.CancellationToken);
        await people.DefineAsync(ns, roles);
        await people.DefineAsync(other, roles);
        try
        {
            await DayAsync(ns, people, bucket);
            await ns.DoneAsync("install", "-f", await PlanAsync(ns, bucket, $"  config: {{}}\n  monitoring: {{exporter: true}}\n  recovery: {{drill: {{namespace: {ns.Name}-sd, schedule: \"0 6 1 1,4,7,10 *\"}} }}\n"));
            await ns.DoneAsync("backup", "all");
            await Task.WhenAll(ElsewhereAsync(ns, other, people), ScheduledDrillAsync(ns));
            await RecoveryAsync(ns, people);
            var accounts = await AccountsAsync(ns, log);
            var calls = await log.CallsAsync(people.IsOne);
            Assert.NotEmpty(calls);
            string[] wrong =
            [
                .. calls.Where(c => c.IsDenied && !MayBeRefused.Contains(c.Right)).Select(c => $"{c.User} was refused: {c.Right}").Distinct(),
                .. await people.UnusedAsync(calls),
                .. accounts,
            ];
            // All of it at once: a run takes minutes.
            Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        }
        finally
        {
            await cluster.KubectlAsync(["delete", "crd", $"things.{ns.Name}.example.com", "--ignore-not-found", "--wait=false"]);
            await ns.RunAsync("uninstall");
            await people.DropAsync();
        }
    }

    /// <summary>What somebody on call does with a platform that works: each command as a user who has the Roles that it is documented to need, and nothing else.</summary>
    private async Task DayAsync(TestNamespace ns, RoleHolders people, ClusterBucket bucket)
    {
        var plan = await PlanAsync(ns, bucket, "");
        await people.BindAsync("planner", "mlopsbackup-to-init");
        await people.DoneAsync("planner", "init", "-f", Path.Combine(ns.Folder, "found.yaml"));

        await people.BindAsync("installer", "mlopsbackup-to-install", LookUp);
        await people.DoneAsync("installer", "install", "-f", plan);
        await people.DoneAsync("installer", "install", "-f", plan, "--diff");

        await people.BindAsync("operator", Operate);
        await people.DoneAsync("operator", "init", "--repositories");
        await people.DoneAsync("operator", "backup", "all");
        await Task.WhenAll(
            people.DoneAsync("operator", "list", "-q"),
            people.DoneAsync("operator", "verify", "structure"),
            people.DoneAsync("operator", "prune", "--dry-run"),
            people.DoneAsync("operator", "restore", "all", "--dry-run"));
        await people.DoneAsync("operator", "mirror");
        await people.DoneAsync("operator", "status");
        await people.DoneAsync("operator", "logs");

        await people.BindAsync("doctor", Operate, "mlopsbackup-to-diagnose", LookUp);
        // It may do less than all commands need together, and is told so; nothing is missing that would stop it.
        Assert.Contains("caller-rights", (await ns.RunAsync("doctor", "-o", "json", "--as", $"{ns.Name}-doctor")).Expect(ExitCode.Done).Output, StringComparison.Ordinal);

        await people.BindAsync("restorer", Operate, "mlopsbackup-to-restore");
        await people.DoneAsync("restorer", "restore", "all", "--yes");

        await people.BindAsync("exporter", Operate, Export);
        await people.DoneAsync("exporter", "export", "postgres", "--file", Path.Combine(ns.Folder, "dump.sql.gz"));
        await people.DoneAsync("installer", "uninstall");
    }

    /// <summary>Into other namespaces, all at once: none of it touches the platform.</summary>
    private static async Task ElsewhereAsync(TestNamespace ns, TestNamespace other, RoleHolders people)
    {
        await people.BindAsync("mover", Operate);
        await people.BindAsync(other, "mover", "mlopsbackup-to-restore-into");
        await people.BindAsync("driller", Operate, Export, "mlopsbackup-to-drill");
        await Task.WhenAll(
            people.DoneAsync("mover", "restore", "all", "--yes", "--to-namespace", other.Name),
            people.DoneAsync("driller", "drill", "--into", $"{ns.Name}-dr"));
    }

    /// <summary>Objects that somebody has deleted, then the whole platform.</summary>
    private static async Task RecoveryAsync(TestNamespace ns, RoleHolders people)
    {
        await people.BindAsync("configurer", Operate, Export, Compare, "mlopsbackup-to-restore-config");
        await ns.KubectlAsync("delete", "deployment/churn-api", "service/churn-api", "configmap/churn-api", "secret/postgres");
        await people.DoneAsync("configurer", "restore", "config", "--yes");

        await people.BindAsync("recoverer", Operate, Export, Compare, "mlopsbackup-to-recover");
        await ns.KubectlAsync("delete", "deployment,statefulset,service", "--all");
        await ns.KubectlAsync("delete", "secret/postgres");
        await people.DoneAsync("recoverer", "recover", "--yes");
    }

    /// <summary>By its own account, as its CronJob starts it.</summary>
    private static async Task ScheduledDrillAsync(TestNamespace ns)
    {
        await ns.KubectlAsync("create", "job", "--from=cronjob/drill", "drill-now");
        await ns.KubectlAsync("wait", "--for=condition=Complete", "job/drill-now", "--timeout=4m");
    }

    /// <summary>The accounts of Jobs and of the exporter, whose Roles an administrator has installed.</summary>
    /// <returns>What they were refused, and what they have and did not use.</returns>
    private static async Task<IReadOnlyList<string>> AccountsAsync(TestNamespace ns, AuditLog log)
    {
        await ReferencesAsync(ns);
        await ns.DoneAsync("backup", "config");
        await ns.KubectlAsync("rollout", "status", "deployment/mlopsbackup-exporter", "--timeout=2m");

        var account = $"system:serviceaccount:{ns.Name}:";
        var calls = await log.CallsAsync(u => u.StartsWith(account, StringComparison.Ordinal));
        Assert.Equal(["config-sa", "drill-sa", "exporter-sa"], calls.Select(c => c.User[account.Length..]).Distinct().Order());
        List<AuditedCall> Of(string name) => [.. calls.Where(c => c.User == account + name)];
        async Task<IEnumerable<string>> UnusedAsync(string kind, string role, IEnumerable<AuditedCall> theirs)
        {
            var granted = GrantedRights.Of(await ns.GetAsync(kind, role));
            Assert.NotEmpty(granted);
            return RoleReview.Unused(granted, theirs).Select(r => $"{kind} {role} gives what nothing uses: {r}");
        }

        var drill = Of("drill-sa");
        return
        [
            // What was given a moment ago is asked for again.
            .. calls.Where(c => c.IsDenied && !calls.Any(again => again.User == c.User && again.Right == c.Right && !again.IsDenied)).Select(c => $"{c.User} was refused: {c.Right}").Distinct(),
            .. await UnusedAsync("role", "mlopsbackup-exporter", Of("exporter-sa")),
            .. await UnusedAsync("role", "mlopsbackup-config", Of("config-sa")),
            .. await UnusedAsync("clusterrole", $"mlopsbackup-config-{ns.Name}", Of("config-sa")),
            .. await UnusedAsync("role", "mlopsbackup-drill", drill.Where(c => c.Namespace == ns.Name)),
            .. await UnusedAsync("clusterrole", $"mlopsbackup-drill-{ns.Name}", drill),
            .. await UnusedAsync("clusterrole", $"mlopsbackup-drill-{ns.Name}.scratch", drill.Where(c => c.Namespace != ns.Name)),
        ];
    }

    /// <summary>Something of each kind that has the configuration's backup look outside of the namespace. No pod of it runs.</summary>
    private static async Task ReferencesAsync(TestNamespace ns)
    {
        await ns.ApplyAsync(
            $$"""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.{{ns.Name}}.example.com}
            spec:
              group: {{ns.Name}}.example.com
              scope: Namespaced
              names: {plural: things, singular: thing, kind: Thing, listKind: ThingList}
              versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object} } }]
            """);
        await ns.KubectlAsync("wait", "--for=condition=Established", $"crd/things.{ns.Name}.example.com", "--timeout=60s");
        await ns.ApplyAsync(
            $$"""
            apiVersion: {{ns.Name}}.example.com/v1
            kind: Thing
            metadata: {name: one}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: mlflow}
            spec: {ingressClassName: nginx, defaultBackend: {service: {name: mlflow-server, port: {number: 80} } } }
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: training}
            spec:
              replicas: 0
              selector: {matchLabels: {app: training} }
              template:
                metadata: {labels: {app: training} }
                spec: {priorityClassName: low, runtimeClassName: gpu, containers: [{name: main, image: "localhost/none:1"}]}
            """);
    }

    private Task<string> PlanAsync(TestNamespace ns, ClusterBucket bucket, string more) => ClusterPlatform.PlanAsync(cluster, ns, p => p.Replace(
        "  encryption:", $"{bucket.Repository("prod")}{more}  encryption:", StringComparison.Ordinal));
}
