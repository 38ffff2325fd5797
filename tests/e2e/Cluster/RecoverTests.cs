using System.Text.Json;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary>The whole story: all of it is gone, and comes back from the bucket and the key alone; then a drill beside it.</summary>
public sealed class RecoverTests(ClusterFixture cluster)
{
    /// <summary>Also of MLflow, through its own API.</summary>
    private const string Checks = "checks: [{name: pods, pods: {}}, {name: rows, rows: {}}, {name: artifacts, artifacts: {}}, {name: mlflow, mlflow: {service: mlflow-server, port: 5000}}]";

    private const string Count = "SELECT count(*), sum(i) FROM runs";

    /// <summary>Of a recovery, once there is a journal.</summary>
    private static readonly string[] Steps = ["configuration", "database-up", "database", "artifacts", "mlflow", "application", "schedules", "checks"];

    [Fact]
    public async Task A_deleted_platform_comes_back_from_the_bucket_and_a_drill_beside_it_leaves_nothing()
    {
        await using var bucket = await ClusterBucket.CreateAsync();
        // No passphrase lies in the cluster. A recovery sheet has one that opens the same.
        using var kms = new KmsStandIn(ClusterFixture.HostAddress);
        kms.AccessKeys[Variables(bucket)["AWS_ACCESS_KEY_ID"]] = true;
        var key = kms.CreateKey();
        await using var ns = await PlatformAsync(bucket, p => UnderKms(WithChecks(p), kms, key));
        var files = await FilesAsync(ns);
        await ns.DoneAsync("backup", "all");
        var passphrase = ns.Write("passphrase", "only-for-trying-it-out");
        var withKey = new Dictionary<string, string>(Variables(bucket)) { ["AWS_ENDPOINT_URL_KMS"] = kms.Address };
        (await CommandLine.RunAsync(["key", "add", "--direct", "--repository", "offsite", "--new-passphrase-file", passphrase, "-n", ns.Name], withKey, ns.Folder)).Expect(ExitCode.Done);
        await cluster.KubectlAsync(["delete", "namespace", ns.Name, "--timeout=3m"]);
        string[] recover = ["recover", "--from", $"s3://{bucket.Name}/prod", "--endpoint", $"{bucket.Endpoint}", "--yes"];
        (await CommandLine.RunAsync([.. recover, "-n", ns.Name], withKey, ns.Folder)).Expect(ExitCode.WrongKey).SaysWithFix("is encrypted", $"KMS key {key}");

        // The laptop dies at each step in turn, and another goes on.
        foreach (var step in Steps)
        {
            string[] opener = step == "artifacts" ? ["--passphrase-file", passphrase] : ["--kms-key-id", key];
            using var lost = CommandLine.Start([.. recover, .. opener, "-n", ns.Name, .. step == Steps[0] ? (string[])[] : ["--resume"]], withKey, ns.Folder);
            await UntilAsync(async () => lost.HasExited || await StateAsync(ns, step) is "running" or "done");
            Assert.False(lost.HasExited, $"{step}: {lost.OutputSoFar}");
            lost.Kill();
            if (step == "database")
            {
                // It came back with the configuration, and does not run before there is something to back up.
                Assert.Equal("true", await ns.KubectlAsync("get", "cronjob", "postgres-backup", "-o", "jsonpath={.spec.suspend}"));
            }
        }

        recover = [.. recover, "--kms-key-id", key];
        (await CommandLine.RunAsync([.. recover, "-n", ns.Name], withKey, ns.Folder)).Expect(ExitCode.Locked).SaysWithFix("unfinished recovery", "--resume");
        var report = (await CommandLine.RunAsync([.. recover, "-n", ns.Name, "--resume", "-o", "json"], withKey, ns.Folder)).Expect(ExitCode.Done).Json;

        Assert.Equal("passed", report.GetProperty("verdict").GetString());
        AssertFits(report);
        Assert.Equal("1000|500500\n", await ClusterPlatform.SqlAsync(ns, Count));
        Assert.Equal(files, await FilesAsync(ns));
        Assert.Equal("false", await ns.KubectlAsync("get", "cronjob", "postgres-backup", "-o", "jsonpath={.spec.suspend}"));
        (await CommandLine.RunAsync([.. recover, "-n", ns.Name, "--resume"], withKey, ns.Folder)).Expect(ExitCode.Usage).Says("no recovery to resume");
        await ns.DoneAsync("backup", "all");
        await ReinstallAsync(ns, bucket, p => UnderKms(WithChecks(p), kms, key));

        await RecoverInstalledAsync(ns, bucket);
        await DrillAsync(ns);
    }

    /// <summary>What a recovery has put back is this program's own, as if it had been installed: another plan goes over it, and takes away what it lacks.</summary>
    private async Task ReinstallAsync(TestNamespace ns, ClusterBucket bucket, Func<string, string> change)
    {
        await ns.DoneAsync("install", "-f", await PlanAsync(ns, bucket, p => change(p).Replace("    database: mlflow", "    database: mlflow\n    schedule: \"30 1 * * *\"", StringComparison.Ordinal)));
        Assert.Equal("30 1 * * *", await ns.KubectlAsync("get", "cronjob", "postgres-backup", "-o", "jsonpath={.spec.schedule}"));
        await ns.DoneAsync("install", "-f", await PlanAsync(ns, bucket, change));
        Assert.Equal("", await ns.KubectlAsync("get", "cronjob,serviceaccount,configmap,networkpolicy", "-l", "app.kubernetes.io/name=mlopsbackup,mlopsbackup.io/recovery,!mlopsbackup.io/restored-from", "-o", "name"));
    }

    [Fact]
    public async Task Artifacts_in_a_bucket_are_rehearsed_beside_it_and_taken_away_again_by_hand_and_by_schedule()
    {
        await using var bucket = await ClusterBucket.CreateAsync();
        await bucket.PutAsync("mlflow/1/a/artifacts/MLmodel", "flavors");
        await bucket.PutAsync("mlflow/1/a/artifacts/model.bin", new string('x', 100_000));
        var s3 = $"endpoint: \"{bucket.Endpoint}\", credentials: {{secret: {{name: s3-keys, accessKeyIdKey: id, secretAccessKeyKey: secret}}}}";
        // On this machine, and about the scratch namespace; the last is about the platform.
        const string Hooks = """
            hooks:
                - {name: before, before: artifacts, drill: true, command: [sh, -c, "echo $MLOPSBACKUP_HOOK $MLOPSBACKUP_NAMESPACE $MLOPSBACKUP_DRILL >> hooks.txt"]}
                - {name: after, after: checks, drill: true, command: [sh, -c, "echo $MLOPSBACKUP_HOOK $MLOPSBACKUP_NAMESPACE $MLOPSBACKUP_DRILL >> hooks.txt"]}
                - {name: switch-dns, after: checks, command: [sh, -c, "echo $MLOPSBACKUP_HOOK >> hooks.txt"]}
            """;
        string Plan(string plan, string drill) => plan
            .Replace("    volume: {claimName: mlflow-artifacts}\n", $"    s3: {{bucket: {bucket.Name}, prefix: mlflow, {s3}}}\n", StringComparison.Ordinal)
            .Replace("    affinityLabels: {app: mlflow-server}\n", "", StringComparison.Ordinal)
            .Replace("  encryption:\n", $"  recovery:\n    drill: {{artifacts: {{bucket: {bucket.Name}, prefix: drills}}{drill}}}\n    {Checks}\n    {Hooks}\n  encryption:\n", StringComparison.Ordinal);
        await using var ns = await PlatformAsync(bucket, plan => Plan(plan, ""));
        await ns.DoneAsync("backup", "all");
        var before = await bucket.ListAsync("mlflow/");

        var report = (await ns.DoneAsync("drill", "--into", $"{ns.Name}-dr", "--run-hooks", "-o", "json")).Json;

        AssertMlflow(report, $"read from s3://{bucket.Name}/drills/");
        Assert.Equal($"before {ns.Name}-dr true\nafter {ns.Name}-dr true\n", await File.ReadAllTextAsync(Path.Combine(ns.Folder, "hooks.txt"), TestContext.Current.CancellationToken));
        Assert.Equal(["not rehearsed: hook switch-dns: it is about the platform itself, unless the plan gives it drill: true"], NotRehearsed(report));
        Assert.Equal("passed", report.GetProperty("verdict").GetString());
        AssertFits(report);
        var counts = report.GetProperty("counts").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("actual").GetInt64());
        Assert.Equal(2, counts["artifact files"]);
        Assert.Contains("all equal by SHA-256", report.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("kind").GetString() == "artifacts").GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.Equal("", await bucket.ListAsync("drills/"));

        var scratch = $"{ns.Name}-sd";
        await ns.DoneAsync("install", "-f", await PlanAsync(ns, bucket, plan => Plan(plan, $", namespace: {scratch}, schedule: \"0 6 1 1,4,7,10 *\"")));
        try
        {
            await RefusedAsync(ns, scratch);
            var untouched = await ObjectsAsync(ns);
            var left = await KilledDrillAsync(ns, bucket, scratch);
            await ScheduledDrillAsync(ns, scratch, left);
            Assert.Equal("", await bucket.ListAsync("drills/"));
            Assert.Equal(before, await bucket.ListAsync("mlflow/"));
            Assert.Equal(untouched, await ObjectsAsync(ns));
        }
        finally
        {
            await cluster.TryKubectlAsync(["delete", "namespace", "-l", $"mlopsbackup.io/drill-of={ns.Name}", "--wait=false"]);
            await ns.RunAsync("uninstall", "--purge-backups", "--confirm", "mlops-platform", "--force");
        }

        // What it had outside of the namespace is gone with it.
        Assert.DoesNotContain(ns.Name, await cluster.KubectlAsync(["get", "clusterrole,clusterrolebinding,validatingadmissionpolicy,validatingadmissionpolicybinding", "-o", "name"]), StringComparison.Ordinal);
    }

    /// <summary>The plan is still there, and so is its volume: no bucket has to be named, nor a passphrase.</summary>
    private static async Task RecoverInstalledAsync(TestNamespace ns, ClusterBucket bucket)
    {
        await ClusterPlatform.SqlAsync(ns, "DROP TABLE runs");
        await ns.KubectlAsync("delete", "deployment", "mlflow-server");

        var report = await RecoverBesideABackupAsync(ns);

        Assert.Equal("passed", report.GetProperty("verdict").GetString());
        Assert.Equal("local", report.GetProperty("point").GetProperty("repository").GetString());
        Assert.Equal("1000|500500\n", await ClusterPlatform.SqlAsync(ns, Count));
        Assert.Equal("1", await ns.KubectlAsync("get", "deployment", "mlflow-server", "-o", "jsonpath={.status.readyReplicas}"));

        // By a file of the plan: its bucket is read from here, its volume by a pod.
        var plan = Path.Combine(ns.Folder, "mlopsbackup.yaml");
        Assert.Contains("from the repository offsite", (await ns.RunWithAsync(bucket.Credentials(), "recover", "--dry-run", "-f", plan)).Expect(ExitCode.Done).Output, StringComparison.Ordinal);
        var volume = ns.Write("volume.yaml", (await File.ReadAllTextAsync(plan, TestContext.Current.CancellationToken)).Replace(bucket.Repository("prod"), "", StringComparison.Ordinal));
        Assert.Contains("from the repository local", (await ns.DoneAsync("recover", "--dry-run", "-f", volume)).Output, StringComparison.Ordinal);
    }

    /// <summary>A backup that never ends is waited for, and nothing is replaced, until somebody ends it; no other begins.</summary>
    private static async Task<JsonElement> RecoverBesideABackupAsync(TestNamespace ns)
    {
        await ns.KubectlAsync("patch", "cronjob", "backup-verify", "-p", """{"spec": {"suspend": true} }""");
        await ns.ApplyAsync(
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: endless, labels: {app.kubernetes.io/name: mlopsbackup, app.kubernetes.io/component: postgres-backup} }
            spec:
              template:
                metadata: {labels: {app.kubernetes.io/name: mlopsbackup, app.kubernetes.io/component: postgres-backup} }
                spec: {restartPolicy: Never, nodeSelector: {no: node}, containers: [{name: agent, image: "localhost/none:1"}]}
            """);
        using var recovery = ns.Start("recover", "--yes", "-o", "json");
        await UntilAsync(async () => await StateAsync(ns, "pause") == "running"
            && await ns.KubectlAsync("get", "cronjob", "postgres-backup", "-o", "jsonpath={.spec.suspend}") == "true");
        Assert.Contains("suspended by a recovery that has not come to its end", (await ns.RunAsync("status", "-o", "json")).Output, StringComparison.Ordinal);
        Assert.Equal("pending", await StateAsync(ns, "configuration"));

        await ns.KubectlAsync("delete", "job", "endless");
        var ended = await recovery.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

        ended.Expect(ExitCode.Done).Says("job/endless is at work");
        // What its owner had suspended is not this program's to let run.
        Assert.Equal("false true", $"{await ns.KubectlAsync("get", "cronjob", "postgres-backup", "-o", "jsonpath={.spec.suspend}")} {await ns.KubectlAsync("get", "cronjob", "backup-verify", "-o", "jsonpath={.spec.suspend}")}");
        await ns.KubectlAsync("patch", "cronjob", "backup-verify", "-p", """{"spec": {"suspend": false} }""");
        return ended.Json;
    }

    /// <summary>A name that is taken by somebody else's namespace, and what an earlier drill has left.</summary>
    private async Task DrillAsync(TestNamespace ns)
    {
        (await ns.RunAsync("drill", "--into", ns.Name)).Expect(ExitCode.Usage).SaysWithFix("a drill into the platform itself", "--into");
        var taken = $"{ns.Name}-dr";
        var left = $"{ns.Name}-left";
        await cluster.KubectlAsync(["create", "namespace", taken]);
        await cluster.KubectlAsync(
            ["apply", "-f", "-"],
            $$"""{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "{{left}}", "labels": {"mlopsbackup.io/drill": "x", "mlopsbackup.io/drill-of": "{{ns.Name}}"}, "annotations": {"mlopsbackup.io/drill-seen": "2026-01-01T00:00:00Z"} } }""");
        await ClusterPlatform.SqlAsync(ns, "INSERT INTO runs VALUES (1001)");

        var drilled = (await ns.DoneAsync("drill", "--into", taken, "--report", "drill.html", "-o", "json")).Json;

        Assert.Equal("passed", drilled.GetProperty("verdict").GetString());
        AssertFits(drilled);
        AssertMlflow(drilled, "each with its MLmodel");
        Assert.Contains($"namespace {taken}-", drilled.GetProperty("target").GetString(), StringComparison.Ordinal);
        Assert.True(drilled.GetProperty("rto").GetProperty("seconds").GetDouble() < 90 * Patience, "the drill took longer than 90 seconds");
        Assert.Contains("<html", await File.ReadAllTextAsync(Path.Combine(ns.Folder, "drill.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("1001|501501\n", await ClusterPlatform.SqlAsync(ns, Count));
        Assert.Contains(" drill ", (await ns.DoneAsync("report", "list", "-q")).Output, StringComparison.Ordinal);

        // The one that was there stays; what was left, and what was made, is gone.
        await UntilAsync(async () => (await cluster.KubectlAsync(["get", "namespaces", "-o", "name"])).Split('\n').Count(n => n.StartsWith($"namespace/{ns.Name}", StringComparison.Ordinal)) == 2);
        await cluster.KubectlAsync(["delete", "namespace", taken, "--wait=false"]);
    }

    /// <summary>By the CronJob's own account, which can do nothing else; after one that was killed.</summary>
    private async Task ScheduledDrillAsync(TestNamespace ns, string scratch, string left)
    {
        var before = (await ns.DoneAsync("report", "list", "-o", "json")).Json.GetArrayLength();
        await ns.KubectlAsync("create", "job", "--from=cronjob/drill", "drill-now");
        await UntilAsync(() => HasEndedAsync(ns, "drill-now"));

        var log = await ns.KubectlAsync("logs", "job/drill-now");
        Assert.True((await ns.KubectlAsync("get", "job", "drill-now", "-o", "jsonpath={.status.succeeded}")) == "1", log);
        Assert.Contains($"taken away what earlier drills had left: {left}", log, StringComparison.Ordinal);
        var reports = (await ns.DoneAsync("report", "list", "-o", "json")).Json;
        Assert.Equal(before + 1, reports.GetArrayLength());
        var report = (await ns.DoneAsync("report", "show", "-o", "json")).Json;
        AssertMlflow(report, "/drills/");
        Assert.Equal(3, NotRehearsed(report).Count);
        Assert.Equal("drill passed", $"{reports[before].GetProperty("kind").GetString()} {reports[before].GetProperty("verdict").GetString()}");
        var status = (await ns.DoneAsync("status", "-o", "json")).Json;
        var drill = status.GetProperty("drill");
        Assert.Equal(("passed", "drill-now", false), (drill.GetProperty("verdict").GetString(), drill.GetProperty("lastRun").GetProperty("job").GetString(), drill.GetProperty("overdue").GetBoolean()));
        Assert.DoesNotContain(status.GetProperty("problems").EnumerateArray(), p => p.GetProperty("subject").GetString() == "drill");
        await UntilAsync(async () => !(await cluster.KubectlAsync(["get", "namespaces", "-o", "name"])).Contains(scratch, StringComparison.Ordinal));
    }

    /// <summary>
    /// Its process gets a SIGKILL, as when the node dies or its memory is used up, when it has restored the artifacts: nothing is taken away, and somebody is told.
    /// </summary>
    /// <returns>The namespace that is left, of which nothing was heard for long.</returns>
    private async Task<string> KilledDrillAsync(TestNamespace ns, ClusterBucket bucket, string scratch)
    {
        var job = JsonNode.Parse(await ns.KubectlAsync("create", "job", "--from=cronjob/drill", "drill-killed", "--dry-run=client", "-o", "json"))!;
        // No process kills the first one of its own container.
        var agent = job["spec"]!["template"]!["spec"]!["containers"]![0]!;
        agent["command"] = new JsonArray("sh", "-c", "kubectl-mlopsbackup \"$@\" & echo $! > /tmp/drill.pid; wait $!", "sh");
        await ns.ApplyAsync(job.ToJsonString());
        await UntilAsync(async () => (await bucket.ListAsync("drills/")).Length > 0);
        Assert.Equal(scratch, await cluster.KubectlAsync(["get", "namespaces", "-l", $"mlopsbackup.io/drill-of={ns.Name}", "-o", "jsonpath={.items[*].metadata.name}"]));

        await ns.KubectlAsync("exec", "job/drill-killed", "--", "sh", "-c", "kill -9 $(cat /tmp/drill.pid)");
        await UntilAsync(() => HasEndedAsync(ns, "drill-killed"));

        var status = (await ns.RunAsync("status", "-o", "json")).Expect(ExitCode.CheckFailed);
        Assert.Contains("the scheduled one ended without a report", status.Output, StringComparison.Ordinal);
        // It might be one of another machine, which runs; of an older one that is known.
        await cluster.KubectlAsync(
            ["apply", "-f", "-"],
            $$"""{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "{{scratch}}-old", "labels": {"mlopsbackup.io/drill": "older234", "mlopsbackup.io/drill-of": "{{ns.Name}}"}, "annotations": {"mlopsbackup.io/drill-seen": "2026-01-01T00:00:00Z"} } }""");
        await bucket.PutAsync("drills/older234/1/MLmodel", "flavors");
        var cleaned = (await ns.DoneAsync("drill", "--clean")).Output;
        Assert.Contains($"namespace/{scratch}-old deleted\nnamespace {scratch} stays", cleaned, StringComparison.Ordinal);
        Assert.DoesNotContain("older234", await bucket.ListAsync("drills/"), StringComparison.Ordinal);
        Assert.NotEqual("", await bucket.ListAsync("drills/"));
        await cluster.KubectlAsync(["annotate", "namespace", scratch, "--overwrite", "mlopsbackup.io/drill-seen=2026-01-01T00:00:00Z"]);
        Assert.Contains($"namespace {scratch} is left of a drill that died", (await ns.RunAsync("status", "-o", "json")).Output, StringComparison.Ordinal);
        Assert.Contains(
            (await ns.RunAsync("doctor", "-o", "json", "-q")).Json.GetProperty("findings").EnumerateArray(),
            f => f.GetProperty("check").GetString() == "drills" && f.GetProperty("fix").GetString() == $"kubectl mlopsbackup drill --clean -n {ns.Name}");
        return scratch;
    }

    private static async Task<bool> HasEndedAsync(TestNamespace ns, string job) =>
        await ns.KubectlAsync("get", "job", job, "-o", "jsonpath={.status.conditions[*].type}") is var ends
        && (ends.Contains("Complete", StringComparison.Ordinal) || ends.Contains("Failed", StringComparison.Ordinal));

    /// <summary>All of a platform that no drill may change: who each object is, and how often somebody has changed what it is to be.</summary>
    private static Task<string> ObjectsAsync(TestNamespace ns) => ns.KubectlAsync(
        "get", "deployments,statefulsets,services,configmaps,secrets,persistentvolumeclaims,serviceaccounts,roles,rolebindings,networkpolicies,cronjobs", "--sort-by=.metadata.uid",
        "-o", "jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.uid} {.metadata.generation} {.metadata.labels} {.data}{\"\\n\"}{end}");

    /// <summary>What its roles alone would allow, and what they do not. Nothing is kept of it.</summary>
    private async Task RefusedAsync(TestNamespace ns, string scratch)
    {
        string[] account = ["--as", $"system:serviceaccount:{ns.Name}:drill-sa"];
        string Namespace(string name, string labels) => $$"""{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "{{name}}", "labels": { {{labels}} } } }""";
        var labels = $"\"mlopsbackup.io/drill-of\": \"{ns.Name}\", \"pod-security.kubernetes.io/enforce\": \"baseline\"";
        async Task RefuseAsync(string why, string? input, params string[] arguments)
        {
            var refused = await cluster.TryKubectlAsync([.. arguments, .. account], input);
            Assert.NotEqual(0, refused.Code);
            Assert.Contains(why, refused.Error, StringComparison.OrdinalIgnoreCase);
        }

        // A policy counts some seconds after it was made.
        await UntilAsync(async () => (await cluster.TryKubectlAsync(["create", "--dry-run=server", "-f", "-", .. account], Namespace($"{ns.Name}-evil", labels))).Code != 0);
        const string Try = "--dry-run=server";
        await RefuseAsync("of its own name", Namespace($"{ns.Name}-evil", labels), "create", Try, "-f", "-");
        await RefuseAsync("of its own name", Namespace($"{scratch}-x", $"\"mlopsbackup.io/drill-of\": \"{ns.Name}\""), "create", Try, "-f", "-");
        await RefuseAsync("no namespaces but those of its drills", null, "delete", Try, "namespace", ns.Name);
        await RefuseAsync("of its own name", null, "label", Try, "namespace", ns.Name, "a=b");
        string[] binding = ["-n", ns.Name, "create", "rolebinding", Try, "me", $"--serviceaccount={ns.Name}:drill-sa"];
        await RefuseAsync("in no namespaces but those of its drills", null, [.. binding, $"--clusterrole=mlopsbackup-drill-{ns.Name}.scratch"]);
        await RefuseAsync("forbidden", null, [.. binding, "--clusterrole=admin"]);
        await RefuseAsync("forbidden", null, "-n", ns.Name, "get", "secrets");
        Assert.Equal(0, (await cluster.TryKubectlAsync(["create", Try, "-f", "-", .. account], Namespace($"{scratch}-x", labels))).Code);
    }

    /// <summary>Machines that do other things at the same time are slower: only what is far off is a failure here.</summary>
    private const int Patience = 4;

    private async Task<TestNamespace> PlatformAsync(ClusterBucket bucket, Func<string, string>? change = null)
    {
        var ns = await cluster.NamespaceAsync();
        await ClusterPlatform.DeployAsync(cluster, ns);
        await bucket.GiveKeysAsync(ns);
        await ClusterPlatform.SqlAsync(ns, "CREATE TABLE runs (i int PRIMARY KEY); INSERT INTO runs SELECT generate_series(1, 1000); "
            + "CREATE TABLE experiments (experiment_id int, artifact_location text); INSERT INTO experiments VALUES (1, 'mlflow-artifacts:/1'); "
            + "CREATE TABLE model_versions (name text, version int, source text); INSERT INTO model_versions VALUES ('churn', 1, 'mlflow-artifacts:/1/a/artifacts')");
        await ns.KubectlAsync(
            "exec", "deployment/mlflow-server", "--", "sh", "-ec",
            "mkdir -p /mlflow/artifacts/1/a/artifacts; cd /mlflow/artifacts/1/a/artifacts; head -c 3000000 /dev/urandom > model.bin; echo flavors > MLmodel");
        await ns.DoneAsync("install", "--init", "-f", await PlanAsync(ns, bucket, change ?? WithChecks));
        return ns;
    }

    private static string WithChecks(string plan) => plan.Replace("  encryption:\n", $"  recovery: {{{Checks}}}\n  encryption:\n", StringComparison.Ordinal);

    private Task<string> PlanAsync(TestNamespace ns, ClusterBucket bucket, Func<string, string> change) => ClusterPlatform.PlanAsync(
        cluster, ns, plan => change(plan.Replace("  encryption:\n", $"{bucket.Repository("prod")}  config: {{}}\n  encryption:\n", StringComparison.Ordinal)));

    private static string UnderKms(string plan, KmsStandIn kms, string key)
    {
        const string Passphrase = "    passphraseSecret: {name: backup-passphrase, key: passphrase}\n";
        Assert.Contains(Passphrase, plan, StringComparison.Ordinal);
        return plan.Replace(
            Passphrase,
            $"    kms: {{keyId: \"{key}\", endpoint: \"{kms.Address}\", credentials: {{secret: {{name: s3-keys, accessKeyIdKey: id, secretAccessKeyKey: secret}}}}}}\n",
            StringComparison.Ordinal);
    }

    /// <summary>That the one model version was held against its artifacts.</summary>
    private static void AssertFits(JsonElement report)
    {
        var proof = report.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("kind").GetString() == "consistency").GetProperty("consistency");
        Assert.Equal((1, 0), (proof.GetProperty("judged").GetInt64(), proof.GetProperty("missing").GetInt64()));
    }

    /// <summary>That MLflow was used, up to the file of its one model.</summary>
    private static void AssertMlflow(JsonElement report, string how)
    {
        var check = report.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("kind").GetString() == "mlflow");
        Assert.Equal("passed", check.GetProperty("outcome").GetString());
        Assert.Contains("1 experiments; the latest version of 1 registered models, each with its MLmodel", check.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.Contains(how, check.GetProperty("evidence").GetString(), StringComparison.Ordinal);
    }

    private static List<string> NotRehearsed(JsonElement report) =>
        [.. report.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!).Where(w => w.StartsWith("not rehearsed: hook", StringComparison.Ordinal))];

    /// <summary>Every file of the artifacts with its hash.</summary>
    private static Task<string> FilesAsync(TestNamespace ns) => ns.KubectlAsync(
        "exec", "deployment/mlflow-server", "--", "sh", "-ec", "cd /mlflow/artifacts; find . -type f ! -path './lost+found*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum");

    /// <returns>Of a step, as the journal has it; null where there is none yet.</returns>
    private static async Task<string?> StateAsync(TestNamespace ns, string step)
    {
        var found = await ns.TryKubectlAsync("get", "configmap", "mlopsbackup-recovery", "-o", "jsonpath={.data.journal\\.json}");
        if (found.Code != 0 || found.Output.Length == 0)
        {
            return null;
        }

        using var journal = JsonDocument.Parse(found.Output);
        return journal.RootElement.GetProperty("steps").EnumerateArray().Where(s => s.GetProperty("name").GetString() == step)
            .Select(s => s.GetProperty("state").GetString()).FirstOrDefault();
    }

    private Dictionary<string, string> Variables(ClusterBucket bucket)
    {
        var variables = bucket.Credentials();
        variables["KUBECONFIG"] = cluster.Kubeconfig;
        return variables;
    }

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(TimeSpan.FromMinutes(3));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        while (!await done())
        {
            await timer.WaitForNextTickAsync(time.Token);
        }
    }
}
