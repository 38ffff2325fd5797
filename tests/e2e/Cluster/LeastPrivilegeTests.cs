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
    private const string LookUp = "mlopsbackup-to-look-up";

    /// <summary>
    /// Asked for to take away what an earlier plan made outside of the namespace, and to see whether Argo CD looks after an object: who may not look leaves it to who made it.
    /// </summary>
    private static readonly ApiRight[] MayBeRefused =
    [
        .. new[] { "roles", "rolebindings", "clusterroles", "clusterrolebindings" }.Select(r => new ApiRight("rbac.authorization.k8s.io", r, "list")),
        .. new[] { "validatingadmissionpolicies", "validatingadmissionpolicybindings" }.Select(r => new ApiRight("admissionregistration.k8s.io", r, "list")),
        new("argoproj.io", "applications", "list"),
    ];

    private readonly Dictionary<string, List<string>> usersOfRole = new(StringComparer.Ordinal);

    [Fact]
    public async Task Each_role_gives_what_its_commands_and_jobs_ask_for_and_no_more()
    {
        var log = AuditLog.Open();
        await using var ns = await cluster.NamespaceAsync();
        await ClusterPlatform.DeployAsync(cluster, ns);
        await ns.KubectlAsync("exec", "deployment/mlflow-server", "--", "sh", "-ec", "mkdir -p /mlflow/artifacts/1; echo one > /mlflow/artifacts/1/model");
        // What is of the whole cluster has a name of this test's own.
        var roles = await File.ReadAllTextAsync(Path.Combine(CommandLine.Checkout(), "examples/rbac/roles.yaml"), TestContext.Current.CancellationToken);
        await ns.ApplyAsync(roles.Replace(LookUp, $"{ns.Name}-look-up", StringComparison.Ordinal));
        try
        {
            await PeopleAsync(ns);
            await AccountsAsync(ns, log);
            var people = await log.CallsAsync(u => u.StartsWith($"{ns.Name}-", StringComparison.Ordinal));
            Assert.NotEmpty(people);
            Assert.Equal([], people.Where(c => c.IsDenied && !MayBeRefused.Contains(c.Right)).Select(c => $"{c.User} was refused: {c.Right}").Distinct());
            foreach (var (role, users) in usersOfRole)
            {
                var granted = GrantedRights.Of(await (role == LookUp ? ns.GetAsync("clusterrole", $"{ns.Name}-look-up") : ns.GetAsync("role", role)));
                AllUsed(role, granted, people.Where(c => users.Contains(c.User)));
            }
        }
        finally
        {
            await cluster.KubectlAsync(["delete", "crd", $"things.{ns.Name}.example.com", "--ignore-not-found", "--wait=false"]);
            await cluster.KubectlAsync(["delete", "clusterrole,clusterrolebinding", $"{ns.Name}-look-up", $"mlopsbackup-config-{ns.Name}", "--ignore-not-found"]);
        }
    }

    /// <summary>Each command as somebody who has the Roles that it is documented to need, and nothing else.</summary>
    private async Task PeopleAsync(TestNamespace ns)
    {
        var plan = await PlanAsync(ns, "");
        await UserAsync(ns, "planner", "mlopsbackup-to-init");
        await DoneAsync(ns, "planner", "init", "-f", Path.Combine(ns.Folder, "found.yaml"));

        await UserAsync(ns, "installer", "mlopsbackup-to-install", LookUp);
        await DoneAsync(ns, "installer", "install", "-f", plan);
        await DoneAsync(ns, "installer", "install", "-f", plan, "--diff");

        await UserAsync(ns, "operator", Operate);
        await DoneAsync(ns, "operator", "init", "--repositories");
        await DoneAsync(ns, "operator", "backup", "all");
        await Task.WhenAll(
            DoneAsync(ns, "operator", "list", "-q"),
            DoneAsync(ns, "operator", "verify", "structure"),
            DoneAsync(ns, "operator", "prune", "--dry-run"),
            DoneAsync(ns, "operator", "restore", "all", "--dry-run"));
        await DoneAsync(ns, "operator", "mirror");
        await DoneAsync(ns, "operator", "status");
        await DoneAsync(ns, "operator", "logs");

        await UserAsync(ns, "doctor", Operate, "mlopsbackup-to-diagnose", LookUp);
        // It may do less than all commands need together, and is told so; nothing is missing that would stop it.
        Assert.Contains("caller-rights", (await ns.RunAsync("doctor", "-o", "json", "--as", $"{ns.Name}-doctor")).Expect(ExitCode.Done).Output, StringComparison.Ordinal);

        await UserAsync(ns, "restorer", Operate, "mlopsbackup-to-restore");
        await DoneAsync(ns, "restorer", "restore", "all", "--yes");

        await UserAsync(ns, "exporter", Operate, "mlopsbackup-to-export");
        await DoneAsync(ns, "exporter", "export", "postgres", "--file", Path.Combine(ns.Folder, "dump.sql.gz"));
        await DoneAsync(ns, "installer", "uninstall");
    }

    /// <summary>The accounts of Jobs and of the exporter, whose Roles an administrator has installed.</summary>
    private async Task AccountsAsync(TestNamespace ns, AuditLog log)
    {
        await ns.DoneAsync("install", "-f", await PlanAsync(ns, "  config: {}\n  monitoring: {exporter: true}\n"));
        await ReferencesAsync(ns);
        await ns.DoneAsync("backup", "config");
        await ns.KubectlAsync("rollout", "status", "deployment/mlopsbackup-exporter", "--timeout=2m");

        var account = $"system:serviceaccount:{ns.Name}:";
        var calls = await log.CallsAsync(u => u.StartsWith(account, StringComparison.Ordinal));
        Assert.Equal(["config-sa", "exporter-sa"], calls.Select(c => c.User[account.Length..]).Distinct().Order());
        Assert.Equal([], calls.Where(c => c.IsDenied).Select(c => $"{c.User} was refused: {c.Right}").Distinct());
        var (config, exporter) = (calls.Where(c => c.User == $"{account}config-sa").ToList(), calls.Where(c => c.User == $"{account}exporter-sa").ToList());
        AllUsed("mlopsbackup-exporter", GrantedRights.Of(await ns.GetAsync("role", "mlopsbackup-exporter")), exporter);
        AllUsed("mlopsbackup-config", GrantedRights.Of(await ns.GetAsync("role", "mlopsbackup-config")), config);
        AllUsed("the ClusterRole of config-sa", GrantedRights.Of(await ns.GetAsync("clusterrole", $"mlopsbackup-config-{ns.Name}")), config);
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

    private static void AllUsed(string role, IReadOnlyList<ApiRight> granted, IEnumerable<AuditedCall> calls)
    {
        Assert.NotEmpty(granted);
        Assert.Equal([], RoleReview.Unused(granted, calls).Select(r => $"{role} gives what nothing uses: {r}"));
    }

    private Task<string> PlanAsync(TestNamespace ns, string more) => ClusterPlatform.PlanAsync(cluster, ns, p => p.Replace(
        "  encryption:", $"    - name: second\n      volume: {{claimName: second-pvc, size: 1Gi}}\n{more}  encryption:", StringComparison.Ordinal));

    private async Task UserAsync(TestNamespace ns, string name, params string[] roles)
    {
        var user = $"{ns.Name}-{name}";
        foreach (var role in roles)
        {
            await (role == LookUp
                ? BindLookUpAsync(ns, user)
                : ns.KubectlAsync("create", "rolebinding", $"{name}-{role}", $"--role={role}", $"--user={user}"));
            usersOfRole.TryAdd(role, []);
            usersOfRole[role].Add(user);
        }
    }

    private Task<string> BindLookUpAsync(TestNamespace ns, string user) => cluster.KubectlAsync(
        ["apply", "-f", "-"],
        $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: {{ns.Name}}-look-up}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{ns.Name}}-look-up}
        subjects:
        {{string.Join('\n', usersOfRole.GetValueOrDefault(LookUp, []).Append(user).Select(u => $"- {{kind: User, apiGroup: rbac.authorization.k8s.io, name: {u}}}"))}}
        """);

    private static async Task DoneAsync(TestNamespace ns, string user, params string[] command) => await ns.DoneAsync([.. command, "--as", $"{ns.Name}-{user}"]);
}
