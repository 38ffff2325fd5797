using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Diagnostics;
using KubectlMlopsBackup.UnitTests.Cluster;
using KubectlMlopsBackup.UnitTests.InCluster.Status;
using static KubectlMlopsBackup.UnitTests.Diagnostics.DoctorWorld;

namespace KubectlMlopsBackup.UnitTests.Diagnostics;

/// <summary>Faults are planted one at a time: each is named, alone, with its fix.</summary>
public sealed class ClusterDoctorTests
{
    private static readonly string Affinity = StatusWorld.Plan + "\n  kubernetes: {affinityLabels: {app: mlflow-server}, scaleDown: [deployment/mlflow-server]}";

    private static readonly string UnderKms = StatusWorld.Plan.Replace("{none: true}", "{kms: {keyId: alias/b, region: eu-central-1}}", StringComparison.Ordinal);

    /// <summary>Fault, plan (null for the usual one), what is spoilt, what its fix must say.</summary>
    private static readonly Planted[] Cases =
    [
        new("api-old", null, w => w.Version = "v1.27.3-gke.1", "1.30"),
        new("clock-skew", null, w => w.ServerAhead = TimeSpan.FromMinutes(10), "timedatectl set-ntp true", FindingVerdict.Warning),
        new("caller-unknown", null, w => w.Refused["GET version"] = (401, "Unauthorized"), "kubectl auth whoami"),
        new("caller-unknown", null, w => { Login(w, -60); w.Refused["GET version"] = (401, "Unauthorized"); }, "log in again"),
        new("credentials-expiring", null, w => Login(w, 20), "log in again", FindingVerdict.Warning),
        new("credentials-expiring", null, w => Login(w, -60), "log in again"),
        new("api-unreachable", null, w => w.Refused["GET version"] = (503, "etcd is away"), "kubectl version"),
        new("caller-rights", null, w => w.Denied.Add("create jobs"), """{apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"]}"""),
        new("caller-rights", null, w => w.Denied.Add("create pods/exec"), """resources: ["pods/exec"]""", FindingVerdict.Warning),
        new("account-rights", null, w => w.Allowed.Add("backup-sa delete secrets"), "grep backup-sa", FindingVerdict.Warning),
        new("plan-missing", null, w => w.Objects.Remove(Core("configmaps", "mlopsbackup-plan")), "kubectl mlopsbackup install"),
        new("plan-invalid", null, w => w.Object(Core("configmaps", "mlopsbackup-plan"))["data"]!["source.yaml"] = "kind: BackupPlan", "correct"),
        new("version-differs", null, w => Label(w, "configmaps", "mlopsbackup-plan", "0.0.1"), "kubectl mlopsbackup install -n mlops", FindingVerdict.Warning),
        new("object-missing", null, w => w.Objects.Remove(Core("serviceaccounts", "backup-sa")), "kubectl mlopsbackup install -n mlops"),
        new("object-drifted", null, w => w.Object(CronJob("postgres-backup"))["spec"]!["jobTemplate"]!["spec"]!["activeDeadlineSeconds"] = 5, "--force-conflicts", FindingVerdict.Warning),
        new("secret-missing", null, w => w.Objects.Remove(Core("secrets", "postgres")), "kubectl -n mlops create secret generic postgres --from-file=password=FILE"),
        new("secret-key-missing", null, w => w.Put(Core("secrets", "postgres"), """{"metadata":{"name":"postgres"},"data":{"pw":"eA=="}}"""), "spec.postgres.passwordSecret.key"),
        new("secret-empty", null, w => w.Object(Core("secrets", "postgres"))["data"]!["password"] = "", "create secret generic postgres"),
        new("service-missing", null, w => w.Objects.Remove(Core("services", "postgres")), "spec.postgres.host"),
        new("service-port", null, w => w.Object(Core("services", "postgres"))["spec"]!["ports"]![0]!["port"] = 5433, "set spec.postgres.port in the plan to 5433"),
        new("service-empty", null, w => w.Objects.Remove(Group("discovery.k8s.io", "endpointslices", "postgres-x")), "get pods -l app=postgres"),
        new("claim-missing", null, w => w.Objects.Remove(Core("persistentvolumeclaims", "artifacts")), "kubectl -n mlops get pvc"),
        new("claim-pending", null, w => Phase(w, "artifacts", "Pending"), "describe pvc artifacts"),
        new("claim-lost", null, w => Phase(w, "artifacts", "Lost"), "describe pv pv-1"),
        new("storageclass-missing", null, w => { Phase(w, "artifacts", "Pending"); w.Object(Core("persistentvolumeclaims", "artifacts"))["spec"]!["storageClassName"] = "gone"; }, "storageClassName"),
        new("volume-elsewhere", null, w => w.Pod("postgres-0", "node-2", "postgres"), "set spec.kubernetes.affinityLabels in the plan to {app: mlflow-server}"),
        new("affinity-no-pod", Affinity, w => w.Objects.Remove(Core("pods", "mlflow-server-5f")), "spec.kubernetes.affinityLabels"),
        new("workload-missing", Affinity, w => w.Objects.Remove(Group("apps", "deployments", "mlflow-server")), "get deployments"),
        new("workload-stopped", Affinity, Stopped, "kubectl mlopsbackup restore --resume -n mlops"),
        new("workload-stopped", Affinity, w => { Stopped(w); w.Object(Group("apps", "deployments", "mlflow-server"))["metadata"]!["annotations"]!["mlopsbackup.io/restore"] = "0123456789ab@prod"; }, "kubectl mlopsbackup restore --resume -n prod --to-namespace mlops"),
        new("pod-security", null, w => w.Refused["POST api/v1/namespaces/mlops/pods"] = (403, "pods \"x\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true"), "spec.kubernetes.podSecurity"),
        new("quota-exceeded", null, w => w.Refused["POST api/v1/namespaces/mlops/pods"] = (403, "pods \"x\" is forbidden: exceeded quota: small, requested: memory=1Gi"), "spec.kubernetes.resources"),
        new("pod-refused", null, w => w.Refused["POST api/v1/namespaces/mlops/pods"] = (403, "admission webhook \"validate.kyverno.svc\" denied the request: no"), "exception"),
        new("image-unavailable", null, w => Waiting(w, "ImagePullBackOff", "not found"), "spec.kubernetes.image"),
        new("job-waiting", null, w => Waiting(w, "RunContainerError", "exec: not found"), "spec.kubernetes.image"),
        new("artifacts-outside", null, w => Claim(w, "others"), "set spec.artifacts in the plan to {volume: {claimName: others}}"),
        new("mlflow-secret", null, Kek, "outside the cluster", FindingVerdict.Warning),
        new("schedule-missing", null, w => { w.Objects.Remove(CronJob("backup-verify")); w.Runs.CronJobs.Remove("backup-verify"); }, "kubectl mlopsbackup install -n mlops"),
        new("schedule-suspended", null, w => w.Object(CronJob("postgres-backup"))["spec"]!["suspend"] = true, """kubectl -n mlops patch cronjob postgres-backup -p '{"spec":{"suspend":false}}'"""),
        new("schedule-missed", null, Missed, "kubectl mlopsbackup backup postgres -n mlops"),
        new("schedule-overlaps", null, w => w.Object(CronJob("postgres-backup"))["spec"]!["concurrencyPolicy"] = "Replace", """{"concurrencyPolicy":"Forbid"}""", FindingVerdict.Warning),
        new("schedule-timezone", null, w => w.Object(CronJob("postgres-backup"))["spec"]!["timeZone"] = "Asia/Tokyo", "patch cronjob postgres-backup", FindingVerdict.Warning),
        new("job-failed", null, w => w.Runs.End("postgres-backup", Later, ExitCode.Failed, """{"error":"the database went away","exitCode":1}"""), "kubectl mlopsbackup logs postgres-backup-3 -n mlops"),
        new("job-plan", null, w => w.Runs.End("postgres-backup", Later, ExitCode.Usage, """{"error":"no such field","fix":"correct it","exitCode":2}"""), "correct it"),
        new("job-incomplete", null, w => w.Runs.End("postgres-backup", Later, ExitCode.Incomplete, """{"components":[{"component":"postgres","problemCount":1,"problems":[{"path":"a","reason":"is gone"}]}]}"""), "logs"),
        new("job-damage", null, w => w.Runs.End("backup-verify", Later, ExitCode.CheckFailed, """[{"repository":"local","good":false,"hurtSnapshots":["a"],"damages":[]}]"""), "kubectl mlopsbackup verify data -n mlops"),
        new("drill-failed", null, w => w.Runs.End("drill", Later, ExitCode.CheckFailed, """{"verdict":"missed"}"""), "report show latest -n mlops", FindingVerdict.Warning),
        new("drill-left", null, w => w.Put("api/v1/namespaces/dr-test", Scratch("dr-test", 10)), "kubectl mlopsbackup drill --clean -n mlops", FindingVerdict.Warning),
        new("check-failed", null, w => w.Runs.End("platform-check", Later, ExitCode.CheckFailed, "[]"), "kubectl mlopsbackup verify platform -n mlops", FindingVerdict.Warning),
        new("mlflow-inconsistent", null, w => w.Runs.End("verify", Later, ExitCode.CheckFailed, """{"consistent":false}"""), "kubectl mlopsbackup verify mlflow -n mlops", FindingVerdict.Warning),
        new("job-memory", null, w => w.Runs.End("postgres-backup", Later, (ExitCode)137, "", "OOMKilled"), "spec.kubernetes.resources.limits.memory"),
        new("job-deadline", null, w => Deadline(w.Runs.End("postgres-backup", Later, ExitCode.Failed, ""), w), "spec.kubernetes.activeDeadline"),
        new("repository-missing", null, w => w.Runs.End("postgres-backup", Later, ExitCode.NoRepository, """{"error":"there is no repository at /x","exitCode":10}"""), "init --repositories -n mlops"),
        new("repository-key", null, w => w.Runs.End("postgres-backup", Later, ExitCode.WrongKey, """{"error":"wrong passphrase","exitCode":12}"""), "passphrase"),
        new("kms-key", UnderKms, w => w.Runs.End("postgres-backup", Later, ExitCode.WrongKey, """{"error":"KMS key alias/b: is disabled","exitCode":12}"""), "kubectl mlopsbackup doctor -n mlops"),
        new("backup-never", null, w => State(w, s => s with { Components = [], RecoveryPoint = null }), "kubectl mlopsbackup backup", Others: true),
        new("backup-stale", null, w => w.Runs.Now = StatusWorld.At(27, 1, 0), "kubectl mlopsbackup backup postgres -n mlops", Others: true),
        new("point-missing", null, w => State(w, s => s with { RecoveryPoint = null }), "kubectl mlopsbackup backup all -n mlops"),
        new("repository-unreadable", null, w => State(w, s => s with { Error = "the bucket is gone" }), "kubectl mlopsbackup verify structure -n mlops", Others: true),
        new("repository-unknown", null, w => w.Runs.Pods.Clear(), "kubectl mlopsbackup verify structure -n mlops", FindingVerdict.Warning, Others: true),
        new("never-verified", null, w => State(w, s => s with { Components = [.. s.Components.Select(c => c with { VerifiedAt = null, Verified = null })] }), "kubectl mlopsbackup verify data -n mlops", FindingVerdict.Warning),
        new("volume-filling", null, w => State(w, s => s with { FreeBytes = StatusWorld.GiB }), """kubectl -n mlops patch pvc backup-pvc -p '{"spec":{"resources":{"requests":{"storage":"100Gi"}}}}'"""),
        new("volume-filling", null, w => State(w, s => s with { FreeBytes = 9 * StatusWorld.GiB }), "spec.repositories[0].volume.size in the plan to 100Gi", FindingVerdict.Warning),
    ];

    /// <summary>A namespace of a drill that said so many minutes ago that it runs.</summary>
    private static string Scratch(string name, int minutes, string more = "") => $$"""
        {"metadata": {"name": "{{name}}", "labels": {"mlopsbackup.io/drill": "abcd2345", "mlopsbackup.io/drill-of": "mlops"},
        "annotations": {"mlopsbackup.io/drill-seen": "{{StatusWorld.Noon.AddMinutes(-minutes):yyyy-MM-dd'T'HH:mm:ss'Z'}}"{{more}} } } }
        """;

    private static readonly DateTimeOffset Later = StatusWorld.At(24, 10, 0);

    /// <summary>What only a pod sees: the tests with a real database, real folders and a real cluster plant what can be planted there.</summary>
    private static readonly string[] Inside =
    [
        "probe-failed", "repository-unwritable", "repository-damaged", "store-unreachable", "store-tls", "store-credentials", "bucket-missing", "store-region", "store-refuses", "database-unreachable", "database-refuses",
        "database-tools", "database-rights", "database-transaction", "artifacts-unreadable", "key-not-escrowed", "credentials-expiring",
    ];

    public static TheoryData<int, string> Numbers => [.. Cases.Select((c, i) => (i, c.Fault))];

    [Fact]
    public async Task A_platform_where_all_is_well_has_no_fault()
    {
        await using var world = await CreateAsync();

        var report = await world.RunAsync();

        Assert.DoesNotContain(report.Findings, f => f.Verdict != FindingVerdict.Ok);
        Assert.True(report.Healthy);
        Assert.Equal(0, report.ExitCode);
        Assert.Contains(report.Findings, f => f.Check == "space" && f.Evidence.EndsWith("full about 2027-01-04", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_drill_that_runs_and_one_that_is_kept_are_no_fault_and_who_may_not_look_is_told_so()
    {
        await using var world = await CreateAsync();
        world.Put("api/v1/namespaces/dr-test", Scratch("dr-test", 1));
        world.Put("api/v1/namespaces/dr-test-2", Scratch("dr-test-2", 600, ", \"mlopsbackup.io/drill-kept\": \"true\""));

        var found = Assert.Single((await world.RunAsync()).Findings, f => f.Check == "drills");
        Assert.Equal((FindingVerdict.Ok, "a drill runs in namespace dr-test; namespace dr-test-2 is kept, until: kubectl mlopsbackup drill --clean -n mlops"), (found.Verdict, found.Evidence));

        world.Refused["GET api/v1/namespaces "] = (403, "namespaces is forbidden");
        found = Assert.Single((await world.RunAsync()).Findings, f => f.Check == "drills");
        Assert.Equal(FindingVerdict.Skipped, found.Verdict);
    }

    [Fact]
    public async Task A_dry_run_that_found_differences_is_an_answer_and_no_fault()
    {
        await using var world = await CreateAsync();
        world.Runs.End("restore-dry-run", Later, ExitCode.CheckFailed, """{"differs":true}""");

        Assert.DoesNotContain((await world.RunAsync()).Findings, f => f.Verdict != FindingVerdict.Ok);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_planted_fault_is_named_with_its_fix(int number, string fault)
    {
        var planted = Cases[number];
        Assert.Equal(fault, planted.Fault);
        await using var world = await CreateAsync(planted.Plan);
        planted.Spoil(world);

        var report = await world.RunAsync();

        var found = report.Findings.Where(f => f.Fault is not null).ToList();
        if (!planted.Others)
        {
            Assert.All(found, f => Assert.Equal(fault, f.Fault));
        }

        var finding = found.FirstOrDefault(f => f.Fault == fault && f.Verdict == planted.Verdict);
        Assert.True(finding is not null, string.Join("\n", report.Findings));
        Assert.Contains(planted.Fix, finding.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("-n mlops -n mlops", finding.Fix, StringComparison.Ordinal);
        Assert.Equal(Faults.All.Single(f => f.Id == fault).Title, finding.Title);
        Assert.Equal(planted.Verdict == FindingVerdict.Problem, report.ExitCode == 4);
        Assert.DoesNotContain(report.Findings, f => f.ToString().Contains("c2VjcmV0", StringComparison.Ordinal) || f.ToString().Contains("secret-value", StringComparison.Ordinal) || f.ToString().Contains("secret-token", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_is_planted_somewhere() =>
        Assert.Equal(Faults.All.Select(f => f.Id).Order(), Cases.Select(c => c.Fault).Concat(Inside).Distinct().Order());

    [Fact]
    public async Task What_may_not_be_looked_at_is_skipped_with_the_rule_that_is_missing()
    {
        await using var world = await CreateAsync();
        world.Refused["GET api/v1/namespaces/mlops/secrets"] = (403, "secrets is forbidden");

        var report = await world.RunAsync();

        var skipped = report.Findings.Single(f => f.Check == "secrets");
        Assert.Equal(FindingVerdict.Skipped, skipped.Verdict);
        Assert.Contains("""{apiGroups: [""], resources: ["secrets"], verbs: ["get"]}""", skipped.Fix, StringComparison.Ordinal);
        Assert.True(report.Healthy);
    }

    [Fact]
    public async Task Where_the_agent_left_no_word_its_log_has_the_last()
    {
        await using var world = await CreateAsync();
        world.Runs.End("postgres-backup", Later, ExitCode.Failed, "");
        world.Log = "2026-11-24T10:04:59Z {\"type\":\"note\",\"time\":\"2026-11-24T10:04:59Z\",\"message\":\"dumping\"}\n2026-11-24T10:05:00Z Segmentation fault\n";

        var finding = (await world.RunAsync()).Findings.Single(f => f.Fault == "job-failed");

        Assert.EndsWith("its log ends: dumping / Segmentation fault", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_lasts_longer_than_a_recovery_is_no_fault()
    {
        await using var world = await CreateAsync();
        Login(world, (60 * 24 * 20) + 60);

        var report = await world.RunAsync();

        Assert.True(report.Healthy);
        Assert.StartsWith("the token of your kubeconfig ends in 20d", Assert.Single(report.Findings, f => f.Check == "kubeconfig").Evidence, StringComparison.Ordinal);
    }

    /// <param name="minutes">Until its end.</param>
    private static void Login(DoctorWorld world, int minutes) =>
        world.Token = LoginEndTests.Jwt($$"""{"exp":{{world.Runs.Now.AddMinutes(minutes).ToUnixTimeSeconds()}}}""");

    private static void Label(DoctorWorld world, string plural, string name, string version) =>
        world.Object(Core(plural, name))["metadata"]!["labels"]!["app.kubernetes.io/version"] = version;

    private static void Phase(DoctorWorld world, string claim, string phase) => world.Object(Core("persistentvolumeclaims", claim))["status"]!["phase"] = phase;

    private static void Stopped(DoctorWorld world)
    {
        var workload = world.Object(Group("apps", "deployments", "mlflow-server"));
        workload["spec"]!["replicas"] = 0;
        workload["metadata"]!["annotations"] = new JsonObject { ["mlopsbackup.io/replicas-before"] = "1", ["mlopsbackup.io/stopped-at"] = "2026-11-24T09:00:00Z" };
    }

    private static void Claim(DoctorWorld world, string name) =>
        world.Object(Group("apps", "deployments", "mlflow-server"))["spec"]!["template"]!["spec"]!["volumes"]![0]!["persistentVolumeClaim"]!["claimName"] = name;

    private static void Kek(DoctorWorld world) =>
        world.Object(Group("apps", "deployments", "mlflow-server"))["spec"]!["template"]!["spec"]!["containers"]![0]!["env"] =
            JsonNode.Parse("""[{"name":"MLFLOW_CRYPTO_KEK_PASSPHRASE","valueFrom":{"secretKeyRef":{"name":"kek","key":"passphrase"}}}]""");

    private static void Missed(DoctorWorld world)
    {
        world.Runs.CronJobs["postgres-backup"] = StatusWorld.Cron("postgres-backup", "0 2 * * *", StatusWorld.At(23, 2, 0));
        world.Runs.Now = StatusWorld.At(24, 12, 0);
    }

    private static void Waiting(DoctorWorld world, string reason, string message)
    {
        var job = world.Runs.Start("postgres-backup", Later);
        world.Runs.Pod(job, "Pending", new ContainerStateView(new WaitingView(reason, message), null, null));
    }

    private static void Deadline(JobView job, DoctorWorld world) => world.Runs.Jobs[^1] = job with
    {
        Status = job.Status! with { Conditions = [new Condition("Failed", "True", "DeadlineExceeded", "too late", Later.AddHours(1))] },
    };

    /// <summary>In what the last backup said of the first repository.</summary>
    private static void State(DoctorWorld world, Func<KubectlMlopsBackup.Repository.State.RepositoryState, KubectlMlopsBackup.Repository.State.RepositoryState> change) =>
        world.Runs.End("mlflow-artifacts-backup", Later, ExitCode.Done, StatusWorld.Outcome("artifacts", Later, change(StatusWorld.InFolder() with { Time = Later }), StatusWorld.InS3() with { Time = Later }));

    private sealed record Planted(
        string Fault, string? Plan, Action<DoctorWorld> Spoil, string Fix, FindingVerdict Verdict = FindingVerdict.Problem, bool Others = false);
}
