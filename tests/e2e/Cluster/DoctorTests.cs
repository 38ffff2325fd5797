using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary><c>doctor</c> on a real platform: faults are planted one at a time, named with their fix, and taken back.</summary>
public sealed class DoctorTests(ClusterFixture cluster)
{
    private const string CronJob = "postgres-backup";
    private const string Password = "pl4nted-Passw0rd-of-the-database";

    [Fact]
    public async Task Planted_faults_are_named_with_their_fix_and_a_healthy_platform_has_none()
    {
        await using var ns = await cluster.NamespaceAsync();
        await ClusterPlatform.DeployAsync(cluster, ns);
        await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns), "--init");
        await ns.KubectlAsync("exec", "deployment/mlflow-server", "--", "sh", "-c", "mkdir -p /mlflow/artifacts/1/run && echo model > /mlflow/artifacts/1/run/model.pkl");
        await ns.DoneAsync("backup", "all");
        await ns.DoneAsync("verify", "data");

        var healthy = await DoctorAsync(ns, 0);
        Assert.DoesNotContain(healthy.GetProperty("findings").EnumerateArray(), f => f.GetProperty("verdict").GetString() is "problem" or "skipped");
        Assert.True(healthy.GetProperty("seconds").GetDouble() < 60, healthy.GetRawText());
        Assert.Contains(healthy.GetProperty("findings").EnumerateArray(), f => f.GetProperty("check").GetString() == "database");
        Assert.Equal("", await ns.KubectlAsync("get", "job", "-l", "app.kubernetes.io/component=doctor", "-o", "name"));

        // What is seen from outside: no pod is needed for these.
        await PlantAsync(
            ns, "schedule-suspended", "patch cronjob postgres-backup", probe: false,
            () => ns.KubectlAsync("patch", "cronjob", CronJob, "-p", """{"spec":{"suspend":true}}"""),
            () => ns.KubectlAsync("patch", "cronjob", CronJob, "-p", """{"spec":{"suspend":false}}"""));
        await PlantAsync(
            ns, "schedule-overlaps", "Forbid", probe: false,
            () => ns.KubectlAsync("patch", "cronjob", CronJob, "-p", """{"spec":{"concurrencyPolicy":"Allow"}}"""),
            () => ns.KubectlAsync("patch", "cronjob", CronJob, "-p", """{"spec":{"concurrencyPolicy":"Forbid"}}"""));
        await PlantAsync(
            ns, "object-drifted", "--force-conflicts", probe: false,
            () => ns.KubectlAsync("patch", "cronjob", CronJob, "-p", """{"spec":{"schedule":"0 5 * * *"}}"""),
            () => ns.KubectlAsync("patch", "cronjob", CronJob, "-p", """{"spec":{"schedule":"0 2 * * *"}}"""));
        await PlantAsync(
            ns, "quota-exceeded", "spec.kubernetes.resources", probe: false,
            () => ns.ApplyAsync("apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: small}\nspec: {hard: {limits.memory: 1Mi}}"),
            () => ns.KubectlAsync("delete", "resourcequota", "small"));
        await PlantAsync(
            ns, "service-port", "spec.postgres.port", probe: false,
            () => ns.KubectlAsync("patch", "service", "postgres", "--type=json", "-p", """[{"op":"replace","path":"/spec/ports/0/port","value":5433}]"""),
            () => ns.KubectlAsync("patch", "service", "postgres", "--type=json", "-p", """[{"op":"replace","path":"/spec/ports/0/port","value":5432}]"""));
        await PlantAsync(
            ns, "account-rights", "rolebindings", probe: false,
            () => ns.KubectlAsync("create", "rolebinding", "too-much", "--clusterrole=admin", $"--serviceaccount={ns.Name}:backup-sa"),
            () => ns.KubectlAsync("delete", "rolebinding", "too-much"));

        // What only a pod sees.
        var password = await KeyAsync(ns, "postgres", "postgres-password");
        await PlantAsync(
            ns, "database-refuses", "password", probe: true,
            () => PutKeyAsync(ns, "postgres", "postgres-password", Convert.ToBase64String(Encoding.UTF8.GetBytes(Password))),
            () => PutKeyAsync(ns, "postgres", "postgres-password", password));
        await PlantAsync(
            ns, "artifacts-outside", "spec.artifacts", probe: true,
            () => ClusterPlatform.SqlAsync(ns, "CREATE TABLE experiments (name text, artifact_location text, lifecycle_stage text); INSERT INTO experiments VALUES ('elsewhere', 's3://elsewhere/x', 'active')"),
            () => ClusterPlatform.SqlAsync(ns, "DROP TABLE experiments"));
        var passphrase = await KeyAsync(ns, "backup-passphrase", "passphrase");
        await PlantAsync(
            ns, "repository-key", "passphrase", probe: true,
            () => PutKeyAsync(ns, "backup-passphrase", "passphrase", Convert.ToBase64String(Encoding.UTF8.GetBytes(Password))),
            () => PutKeyAsync(ns, "backup-passphrase", "passphrase", passphrase));
        await PlantAsync(
            ns, "secret-missing", "create secret generic backup-passphrase", probe: true,
            () => ns.KubectlAsync("delete", "secret", "backup-passphrase"),
            () => ns.ApplyAsync($"apiVersion: v1\nkind: Secret\nmetadata: {{name: backup-passphrase}}\ndata: {{passphrase: {passphrase}}}"));

        await DoctorAsync(ns, 0);
    }

    [Fact]
    public async Task A_namespace_without_a_plan_is_a_problem_with_its_fix()
    {
        await using var ns = await cluster.NamespaceAsync();

        var result = (await ns.RunAsync("doctor")).Expect(ExitCode.CheckFailed);

        Assert.StartsWith($"NOT HEALTHY: no plan in namespace {ns.Name}", result.Output, StringComparison.Ordinal);
        Assert.Contains("problem plan-missing: No plan is installed in the namespace", result.Output, StringComparison.Ordinal);
    }

    /// <summary>Plants a fault, looks, takes it back.</summary>
    private static async Task PlantAsync(TestNamespace ns, string fault, string fix, bool probe, Func<Task<string>> plant, Func<Task<string>> takeBack)
    {
        await plant();
        var report = (await ns.RunAsync(["doctor", "-o", "json", "--start-timeout=30s", .. probe ? [] : new[] { "--no-probe" }])).Json;
        await takeBack();
        var found = report.GetProperty("findings").EnumerateArray().Where(f => f.TryGetProperty("fault", out var id) && id.GetString() == fault).ToList();
        Assert.True(found.Count > 0, $"{fault} was not found:\n{report.GetRawText()}");
        Assert.Contains(found, f => f.GetProperty("fix").GetString()!.Contains(fix, StringComparison.Ordinal));
        Assert.DoesNotContain(Password, report.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> DoctorAsync(TestNamespace ns, int code)
    {
        var result = await ns.RunAsync("doctor", "-o", "json");
        Assert.True(result.Code == code, $"{result.Output}\n{result.Error}");
        return result.Json;
    }

    /// <returns>In base64.</returns>
    private static Task<string> KeyAsync(TestNamespace ns, string secret, string key) => ns.KubectlAsync("get", "secret", secret, "-o", $"jsonpath={{.data.{key}}}");

    private static Task<string> PutKeyAsync(TestNamespace ns, string secret, string key, string base64) =>
        ns.KubectlAsync("patch", "secret", secret, "-p", new JsonObject { ["data"] = new JsonObject { [key] = base64 } }.ToJsonString());
}
