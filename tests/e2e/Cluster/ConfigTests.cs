using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary>The configuration of a namespace, backed up and put back elsewhere, by this machine's own rights.</summary>
public sealed class ConfigTests(ClusterFixture cluster)
{
    [Fact]
    public async Task Five_hundred_objects_of_forty_kinds_come_back_in_another_namespace()
    {
        await using var world = await ConfigWorld.CreateAsync(cluster);
        var ns = world.Source;
        var other = world.Another();
        var count = await world.FillAsync();
        await LocalAsync(world, ns.Name, "init", "--repositories");

        var first = (await LocalAsync(world, ns.Name, "backup", "config", "-o", "json")).Json.GetProperty("components")[0];
        Assert.Equal("complete", first.GetProperty("verdict").GetString());
        Assert.True(first.GetProperty("stats").GetProperty("files").GetInt32() >= count);
        var described = (await LocalAsync(world, ns.Name, "describe", first.GetProperty("snapshot").GetString()!, "-o", "json")).Json.GetProperty("snapshot").GetProperty("facts");
        Assert.InRange(described.GetProperty("kinds").EnumerateObject().Count(), 40, 100);
        Assert.Equal(13, described.GetProperty("managedBy").GetProperty("Helm (mlflow)").GetInt32());
        Assert.False(described.GetProperty("kinds").TryGetProperty("Event", out _));

        string[] restore = ["restore", "config", "--to-namespace", other, "-o", "json"];
        var tried = (await LocalAsync(world, ns.Name, [.. restore, "--dry-run"])).Json;
        Assert.False(tried.GetProperty("incomplete").GetBoolean());
        Assert.Equal("", await cluster.KubectlAsync(["get", "namespace", other, "--ignore-not-found", "-o", "name"]));

        var restored = (await LocalAsync(world, ns.Name, [.. restore, "--rewrite-dns", "--yes"])).Json;
        Assert.Equal(count, restored.GetProperty("objects").EnumerateArray().Count(o => o.GetProperty("action").GetString() == "created" && o.TryGetProperty("namespace", out _)));

        Assert.Equal("complete", (await LocalAsync(world, other, "backup", "config", "-o", "json")).Json.GetProperty("components")[0].GetProperty("verdict").GetString());
        await LocalAsync(world, ns.Name, "export", "config", "--file", "before");
        await LocalAsync(world, other, "export", "config", "--file", "after");
        var before = Files(Path.Combine(ns.Folder, "before"), text => text);
        var after = Files(Path.Combine(ns.Folder, "after"), text => text
            .Replace($"-{other}", "", StringComparison.Ordinal).Replace(other, ns.Name, StringComparison.Ordinal));
        Assert.Equal(before.Keys, after.Keys);
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));

        var again = (await LocalAsync(world, ns.Name, [.. restore, "--rewrite-dns", "--yes"])).Json;
        Assert.All(again.GetProperty("objects").EnumerateArray(), o => Assert.Equal("unchanged", o.GetProperty("action").GetString()));
    }

    [Fact]
    public async Task Secrets_are_not_stored_in_the_clear()
    {
        await using var world = await ConfigWorld.CreateAsync(cluster);
        var ns = world.Source;
        await ns.KubectlAsync("create", "secret", "generic", "db", "--from-literal=password=hunter2");
        await ns.KubectlAsync("create", "configmap", "plain", "--from-literal=a=1");
        await RunAsync(world, ns.Name, encrypted: false, "init", "--repositories");

        (await RunAsync(world, ns.Name, encrypted: false, "backup", "config")).Expect(ExitCode.Usage).SaysWithFix("Secrets are not stored in a repository that is not encrypted", "--secrets=names-only");
        Assert.Empty((await RunAsync(world, ns.Name, encrypted: false, "list", "-o", "json")).Json.EnumerateArray());

        (await RunAsync(world, ns.Name, encrypted: false, "backup", "config", "--secrets=names-only")).Expect(ExitCode.Done);
        (await RunAsync(world, ns.Name, encrypted: false, "restore", "config")).Expect(ExitCode.Usage).SaysWithFix("nobody can be asked", "leaving what is there as it is");
        (await RunAsync(world, ns.Name, encrypted: false, "export", "config", "--file", "out")).Expect(ExitCode.Done);
        Assert.DoesNotContain(Files(Path.Combine(ns.Folder, "out"), t => t).Values, text => text.Contains("aHVudGVyMg", StringComparison.Ordinal) || text.Contains("hunter2", StringComparison.Ordinal));
        Assert.Contains("mlopsbackup.io/keys-only: password", await File.ReadAllTextAsync(Path.Combine(ns.Folder, $"out/{ns.Name}/Secret/db.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var other = world.Another();
        var restored = await RunAsync(world, ns.Name, encrypted: false, "restore", "config", "--to-namespace", other, "--yes");
        restored.Expect(ExitCode.Incomplete).SaysWithFix("secret/db", $"kubectl -n {other} create secret generic db --from-literal=password=");
        Assert.Contains("a: \"1\"", await cluster.KubectlAsync(["-n", other, "get", "configmap", "plain", "-o", "yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workloads_are_held_and_what_is_there_is_kept_updated_or_replaced()
    {
        await using var world = await ConfigWorld.CreateAsync(cluster);
        var ns = world.Source;
        var other = world.Another();
        await ns.ApplyAsync(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {level: info}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80}] }
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web} }
              template:
                metadata: {labels: {app: web} }
                spec: {containers: [{name: c, image: "old.example.com/web:1"}] }
            ---
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: nightly}
            spec: {schedule: "0 0 1 1 *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "old.example.com/web:1"}] } } } } }
            """);
        await LocalAsync(world, ns.Name, "init", "--repositories");
        var first = await BackupAsync(world);

        await LocalAsync(world, ns.Name, "restore", "config", "--to-namespace", other, "--hold-workloads", "--map-image", "old.example.com=new.example.com", "--yes");
        Assert.Equal("0 2 new.example.com/web:1", await cluster.KubectlAsync(
            ["-n", other, "get", "deployment", "web", "-o", "jsonpath={.spec.replicas} {.metadata.annotations.mlopsbackup\\.io/replicas-before} {.spec.template.spec.containers[0].image}"]));
        Assert.Equal("true", await cluster.KubectlAsync(["-n", other, "get", "cronjob", "nightly", "-o", "jsonpath={.spec.suspend}"]));
        Assert.Contains("deployment.apps/web started", (await ns.RunInAsync(other, "restore", "config", "--release")).Expect(ExitCode.Done).Output, StringComparison.Ordinal);
        Assert.Equal("2 ", await cluster.KubectlAsync(
            ["-n", other, "get", "deployment", "web", "-o", "jsonpath={.spec.replicas} {.metadata.annotations.mlopsbackup\\.io/replicas-before}"]));
        Assert.Equal("false", await cluster.KubectlAsync(["-n", other, "get", "cronjob", "nightly", "-o", "jsonpath={.spec.suspend}"]));

        await ns.KubectlAsync("patch", "configmap", "settings", "-p", """{"data":{"level":"debug","mine":"1"}}""");
        await ns.KubectlAsync("delete", "deployment", "web");
        await ns.KubectlAsync("delete", "service", "web");
        await ns.KubectlAsync("create", "service", "clusterip", "web", "--clusterip=None", "--tcp=80");
        var second = await BackupAsync(world);
        var differs = (await RunAsync(world, ns.Name, encrypted: true, "diff", first, second)).Expect(ExitCode.Incomplete);
        Assert.Contains("-  level: info", differs.Output, StringComparison.Ordinal);
        Assert.Contains("deployment.apps/web in namespace", differs.Output, StringComparison.Ordinal);
        await LocalAsync(world, ns.Name, "diff", first, first);

        string[] restore = ["restore", "config", "--from", first, "--yes", "-o", "json"];
        var kept = (await LocalAsync(world, ns.Name, restore)).Json;
        Assert.Equal("kept", Action(kept, "configmap/settings"));
        Assert.Equal("created", Action(kept, "deployment.apps/web"));
        Assert.Equal("debug", await ns.KubectlAsync("get", "configmap", "settings", "-o", "jsonpath={.data.level}"));

        var tried = (await RunAsync(world, ns.Name, encrypted: true, "restore", "config", "--from", first, "--existing", "update", "--dry-run")).Expect(ExitCode.Done);
        Assert.Contains("+  level: info", tried.Output, StringComparison.Ordinal);
        Assert.Equal("debug", await ns.KubectlAsync("get", "configmap", "settings", "-o", "jsonpath={.data.level}"));

        var updated = (await LocalAsync(world, ns.Name, [.. restore, "--existing", "update"])).Json;
        Assert.Equal("updated", Action(updated, "configmap/settings"));
        Assert.Equal("info 1", await ns.KubectlAsync("get", "configmap", "settings", "-o", "jsonpath={.data.level} {.data.mine}"));

        var replaced = (await LocalAsync(world, ns.Name, [.. restore, "--existing", "replace"])).Json;
        Assert.Equal("replaced", Action(replaced, "service/web"));
        Assert.NotEqual("None", await ns.KubectlAsync("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}"));
        Assert.Equal("info ", await ns.KubectlAsync("get", "configmap", "settings", "-o", "jsonpath={.data.level} {.data.mine}"));
        var last = await BackupAsync(world);
        (await RunAsync(world, ns.Name, encrypted: true, "diff", first, last)).Expect(ExitCode.Done);
    }

    [Fact]
    public async Task The_installed_plan_backs_the_configuration_up_and_gives_it_back()
    {
        await using var ns = await cluster.NamespaceAsync();
        await ns.KubectlAsync("create", "secret", "generic", "backup-passphrase", "--from-literal=passphrase=correct horse battery staple");
        await ns.KubectlAsync("create", "configmap", "settings", "--from-literal=level=info");
        var plan = ns.Write(
            "mlopsbackup.yaml",
            $$"""
            apiVersion: mlopsbackup.io/v1
            kind: BackupPlan
            metadata: {name: mlops-platform}
            spec:
              config: {}
              repositories: [{name: local, volume: {size: 1Gi} }]
              encryption: {passphraseSecret: {name: backup-passphrase, key: passphrase} }
              kubernetes: {image: {{await cluster.ImageAsync()}} }
            """);
        try
        {
            await ns.DoneAsync("install", "--init", "-f", plan);
            Assert.Equal("yes", (await ns.KubectlAsync("auth", "can-i", "list", "secrets", $"--as=system:serviceaccount:{ns.Name}:config-sa")).Trim());
            Assert.Equal("no", (await ns.TryKubectlAsync("auth", "can-i", "create", "configmaps", $"--as=system:serviceaccount:{ns.Name}:config-sa")).Output.Trim());
            Assert.Equal("no", (await cluster.TryKubectlAsync(["-n", "default", "auth", "can-i", "list", "secrets", $"--as=system:serviceaccount:{ns.Name}:config-sa"])).Output.Trim());

            var backup = (await ns.DoneAsync("backup", "config", "-o", "json")).Json.GetProperty("components")[0];
            Assert.Equal("complete", backup.GetProperty("verdict").GetString());
            await ns.KubectlAsync("delete", "configmap", "settings");
            var restored = (await ns.DoneAsync("restore", "config", "--yes", "-o", "json")).Json;

            Assert.Equal("created", Action(restored, "configmap/settings"));
            Assert.Equal("info", await ns.KubectlAsync("get", "configmap", "settings", "-o", "jsonpath={.data.level}"));
            var again = (await ns.DoneAsync("backup", "all", "-o", "json")).Json.GetProperty("components")[0].GetProperty("snapshot").GetString()!;
            (await ns.RunAsync("diff", backup.GetProperty("snapshot").GetString()![..8], again[..8], "-o", "json")).Expect(ExitCode.Done);
            (await ns.RunAsync("status")).Expect(ExitCode.Done);

            await LeftOutByThePlanAsync(ns, plan);
            await RefusedByTheClusterAsync(ns);
        }
        finally
        {
            await ns.RunAsync("uninstall", "--purge-backups", "--confirm", "mlops-platform", "--force");
        }

        Assert.Equal("", await cluster.KubectlAsync(["get", "clusterrole", $"mlopsbackup-config-{ns.Name}", "--ignore-not-found", "-o", "name"]));
    }

    /// <summary>The plan's kinds, and with them the account's rights: what is not meant is not asked for, and so not missing.</summary>
    private static async Task LeftOutByThePlanAsync(TestNamespace ns, string plan)
    {
        ns.Write("mlopsbackup.yaml", (await File.ReadAllTextAsync(plan, TestContext.Current.CancellationToken)).Replace(
            "config: {}", "config: {include: [core/*, apps/*], secrets: none}", StringComparison.Ordinal));
        await ns.DoneAsync("install", "-f", plan);
        Assert.Equal("no", (await ns.TryKubectlAsync("auth", "can-i", "list", "secrets", $"--as=system:serviceaccount:{ns.Name}:config-sa")).Output.Trim());
        Assert.Equal("no", (await ns.TryKubectlAsync("auth", "can-i", "list", "cronjobs.batch", $"--as=system:serviceaccount:{ns.Name}:config-sa")).Output.Trim());

        var backup = (await ns.DoneAsync("backup", "config", "-o", "json")).Json.GetProperty("components")[0];
        Assert.Equal(("complete", 0), (backup.GetProperty("verdict").GetString(), backup.GetProperty("problemCount").GetInt32()));
        var id = backup.GetProperty("snapshot").GetString()![..8];
        var kinds = (await ns.DoneAsync("describe", id, "-o", "json")).Json.GetProperty("snapshot").GetProperty("facts").GetProperty("kinds");
        Assert.True(kinds.TryGetProperty("ConfigMap", out _));
        Assert.False(kinds.TryGetProperty("Secret", out _) || kinds.TryGetProperty("CronJob.batch", out _));

        await ns.KubectlAsync("delete", "configmap", "settings");
        Assert.Equal("created", Action((await ns.DoneAsync("restore", "config", "--from", id, "--yes", "-o", "json")).Json, "configmap/settings"));
    }

    /// <summary>Somebody has taken rights away that the plan wants: what cannot be read is named, and what can be read is kept.</summary>
    private static async Task RefusedByTheClusterAsync(TestNamespace ns)
    {
        await ns.KubectlAsync("patch", "role", "mlopsbackup-config", "--type=json", "-p", """[{"op": "replace", "path": "/rules", "value": [{"apiGroups": [""], "resources": ["configmaps", "services"], "verbs": ["get", "list"]}]}]""");

        var refused = await ns.RunAsync("backup", "config", "-o", "json");
        var backup = refused.Expect(ExitCode.Incomplete).Json.GetProperty("components")[0];
        Assert.Equal("incomplete", backup.GetProperty("verdict").GetString());
        var named = backup.GetProperty("problems").EnumerateArray().ToDictionary(p => p.GetProperty("path").GetString()!, p => p.GetProperty("reason").GetString()!);
        Assert.Contains($"{ns.Name}/deployments.apps", named.Keys);
        Assert.Contains($"{ns.Name}/serviceaccounts", named.Keys);
        Assert.DoesNotContain($"{ns.Name}/configmaps", named.Keys);
        Assert.All(named.Values, reason => Assert.Contains("forbidden", reason, StringComparison.Ordinal));
        Assert.Contains("incomplete", (await ns.RunAsync("status", "-o", "json")).Expect(ExitCode.CheckFailed).Output, StringComparison.Ordinal);

        await ns.KubectlAsync("delete", "configmap", "settings");
        var restored = await ns.RunAsync("restore", "config", "--from", backup.GetProperty("snapshot").GetString()![..8], "--yes", "-o", "json");
        Assert.Equal("created", Action(restored.Json, "configmap/settings"));
        Assert.Equal("info", await ns.KubectlAsync("get", "configmap", "settings", "-o", "jsonpath={.data.level}"));
        // Who restores from it is told what it never had.
        restored.Expect(ExitCode.Incomplete).Says($"not in the backup: {ns.Name}/deployments.apps: ", $"not in the backup: {ns.Name}/serviceaccounts: ");
    }

    private static string? Action(JsonElement report, string name) =>
        report.GetProperty("objects").EnumerateArray().Single(o => o.GetProperty("object").GetString() == name).GetProperty("action").GetString();

    private static async Task<string> BackupAsync(ConfigWorld world) =>
        (await LocalAsync(world, world.Source.Name, "backup", "config", "-o", "json")).Json.GetProperty("components")[0].GetProperty("snapshot").GetString()![..8];

    private static async Task<CliResult> LocalAsync(ConfigWorld world, string ns, params string[] arguments) =>
        (await RunAsync(world, ns, encrypted: true, arguments)).Expect(ExitCode.Done);

    private static Task<CliResult> RunAsync(ConfigWorld world, string ns, bool encrypted, params string[] arguments) =>
        world.Source.RunInAsync(ns, [.. arguments, "--local", "--plan", world.Plan(ns, encrypted)]);

    private static SortedDictionary<string, string> Files(string folder, Func<string, string> change) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            f => change(Path.GetRelativePath(folder, f)), f => change(File.ReadAllText(f))),
        StringComparer.Ordinal);
}
