using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CsCheck;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.UnitTests.Configuration;

namespace KubectlMlopsBackup.UnitTests.Manifests;

public sealed class ManifestRendererTests
{
    [Fact]
    public void The_agent_sees_files_and_folders_where_the_plan_names_secrets_and_volumes()
    {
        var agent = ClusterPlans.Agent(ClusterPlans.Render(Plans.Cluster)).Spec;

        Assert.Equal("/var/run/mlopsbackup/secrets/postgres-password", agent.Postgres!.PasswordFile);
        Assert.Equal("/var/run/mlopsbackup/secrets/postgres-root.crt", agent.Postgres.SslRootCert);
        Assert.Equal("/var/run/mlopsbackup/secrets/encryption-passphrase", agent.Encryption!.PassphraseFile);
        Assert.Equal("/mnt/mlflow", agent.Artifacts!.Path);
        Assert.Equal("/var/lib/mlopsbackup/repositories/local", agent.Repositories[0].Path);
        Assert.Null(agent.Postgres.ClientTools);
        Assert.Equal("7d", agent.Repositories[0].Retention!.KeepWithin);
        Assert.Equal("90d", agent.Repositories[2].Retention!.KeepWithin);
        Assert.Equal("Europe/Berlin", agent.TimeZone);
    }

    [Fact]
    public void S3_keys_come_from_the_secret_by_variables_that_the_agents_plan_names()
    {
        var manifests = ClusterPlans.Render(ClusterPlans.S3);
        var credentials = ClusterPlans.Agent(manifests).Spec.Repositories[0].S3!.Credentials!;
        var env = Container(manifests, "mlflow-artifacts-backup")["env"]!.AsArray();

        JsonNode From(string variable) => env.Single(e => (string)e!["name"]! == variable)!["valueFrom"]!["secretKeyRef"]!;
        Assert.Equal("backup-keys", (string)From(credentials.AccessKeyIdEnv!)["name"]!);
        Assert.Equal("id", (string)From(credentials.AccessKeyIdEnv!)["key"]!);
        Assert.Equal("secret", (string)From(credentials.SecretAccessKeyEnv!)["key"]!);
        Assert.Equal("token", (string)From(credentials.SessionTokenEnv!)["key"]!);
    }

    [Fact]
    public void A_job_sees_only_the_secrets_and_volumes_that_it_needs()
    {
        var manifests = ClusterPlans.Render(Plans.Cluster);

        Assert.Contains("postgres-password", Text(manifests, "postgres-backup"), StringComparison.Ordinal);
        Assert.DoesNotContain("mlflow-artifacts\n", Text(manifests, "postgres-backup"), StringComparison.Ordinal);
        Assert.DoesNotContain("postgres-password", Text(manifests, "mlflow-artifacts-backup"), StringComparison.Ordinal);
        Assert.Contains("claimName: mlflow-artifacts\n", Text(manifests, "mlflow-artifacts-backup"), StringComparison.Ordinal);
        Assert.DoesNotContain("postgres-password", Text(manifests, "backup-verify"), StringComparison.Ordinal);
        Assert.DoesNotContain("podAffinity", Text(manifests, "postgres-backup"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ClusterPlans.Minimal)]
    [InlineData(Plans.Cluster)]
    [InlineData(ClusterPlans.S3)]
    [InlineData(ClusterPlans.Parallel)]
    public void Every_pod_is_restricted_and_has_no_token(string plan)
    {
        foreach (var job in ClusterPlans.Render(plan).Where(m => m.Kind == "CronJob"))
        {
            var pod = Pod(job);
            var container = pod["containers"]!.AsArray().Single()!;
            Assert.False((bool)pod["automountServiceAccountToken"]!);
            Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!);
            Assert.Equal("RuntimeDefault", (string)pod["securityContext"]!["seccompProfile"]!["type"]!);
            Assert.False((bool)container["securityContext"]!["allowPrivilegeEscalation"]!);
            Assert.True((bool)container["securityContext"]!["readOnlyRootFilesystem"]!);
            Assert.Equal("ALL", (string)container["securityContext"]!["capabilities"]!["drop"]![0]!);
            Assert.NotNull(container["resources"]!["limits"]!["memory"]);
            Assert.Equal("/dev/termination-log", (string)container["terminationMessagePath"]!);
        }
    }

    [Fact]
    public void The_check_of_the_platform_sees_the_servers_passwords_and_who_is_told_is_known_to_jobs_that_tell()
    {
        var plan = Plans.Load(Plans.Cluster);
        var check = ManifestRenderer.OnRequest(
            plan, new ManifestOptions("plan.yaml", Plans.Cluster, "mlops", "1.2.3"), AgentJobs.CheckPlatform(plan.Spec, ["verify", "platform"])).Yaml;
        var backup = Text(ClusterPlans.Render(Plans.Cluster), "postgres-backup");
        var agentPlan = (string)YamlReading.ToJson(Text(ClusterPlans.Render(Plans.Cluster), "mlopsbackup-plan"))!["data"]!["plan.yaml"]!;

        Assert.Contains("name: mlflow-auth", check, StringComparison.Ordinal);
        Assert.DoesNotContain("slack-webhook", check, StringComparison.Ordinal);
        Assert.Contains("name: slack-webhook", backup, StringComparison.Ordinal);
        Assert.DoesNotContain("mlflow-auth", backup, StringComparison.Ordinal);
        Assert.Contains("passwordFile: /var/run/mlopsbackup/secrets/check-7-password", agentPlan, StringComparison.Ordinal);
        Assert.Contains("urlFile: /var/run/mlopsbackup/secrets/notification-0-url", agentPlan, StringComparison.Ordinal);
        Assert.DoesNotContain("slack-webhook", agentPlan, StringComparison.Ordinal);
        Assert.Contains("headersFile: /var/run/mlopsbackup/secrets/push-1-headers", agentPlan, StringComparison.Ordinal);
        Assert.Contains("name: otlp", backup, StringComparison.Ordinal);
        var ports = YamlReading.ToJson(Text(ClusterPlans.Render(Plans.Cluster), "mlopsbackup-checks"))!["spec"]!["egress"]![0]!["ports"]!.AsArray().Select(p => (int)p!["port"]!);
        Assert.Equal([443, 5000, 8000, 9090], ports);
    }

    [Fact]
    public void With_parallelism_each_pod_of_an_indexed_job_does_its_share()
    {
        var manifests = ClusterPlans.Render(ClusterPlans.Parallel);
        var job = YamlReading.ToJson(Text(manifests, "mlflow-artifacts-backup"))!["spec"]!["jobTemplate"]!["spec"]!;
        Assert.Equal("Indexed", (string)job["completionMode"]!);
        Assert.Equal((3, 3, 2), ((int)job["completions"]!, (int)job["parallelism"]!, (int)job["backoffLimitPerIndex"]!));
        Assert.Null(job["backoffLimit"]);
        var arguments = Container(manifests, "mlflow-artifacts-backup")["args"]!.AsArray().Select(a => (string)a!).ToList();
        Assert.Equal("$(JOB_COMPLETION_INDEX)/3", arguments[arguments.IndexOf("--share") + 1]);
        Assert.Equal("$(MLOPSBACKUP_SHARE_RUN)", arguments[arguments.IndexOf("--share-run") + 1]);
        var run = Container(manifests, "mlflow-artifacts-backup")["env"]!.AsArray().Single(e => (string)e!["name"]! == "MLOPSBACKUP_SHARE_RUN")!;
        Assert.Equal("metadata.labels['batch.kubernetes.io/controller-uid']", (string)run["valueFrom"]!["fieldRef"]!["fieldPath"]!);
        // Incomplete and damage end one pod, not the others.
        var rules = job["podFailurePolicy"]!["rules"]!.AsArray().ToDictionary(r => (string)r!["action"]!, r => r!["onExitCodes"]?["values"]?.AsArray().Select(v => (int)v!).ToArray());
        Assert.Equal([2, 10, 12], rules["FailJob"]!);
        Assert.Equal([3, 4], rules["FailIndex"]!);
        Assert.DoesNotContain("Indexed", Text(manifests, "backup-verify"), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_somebody_is_told_a_pod_knows_how_often_it_was_tried()
    {
        var told = ClusterPlans.Render(Plans.Cluster);
        var job = YamlReading.ToJson(Text(told, "postgres-backup"))!["spec"]!["jobTemplate"]!["spec"]!;
        Assert.Equal(("Indexed", 1, 2), ((string)job["completionMode"]!, (int)job["completions"]!, (int)job["backoffLimitPerIndex"]!));
        Assert.Null(job["backoffLimit"]);
        // What fails for good fails the Job, as without.
        Assert.DoesNotContain("FailIndex", Text(told, "postgres-backup"), StringComparison.Ordinal);
        var variables = Container(told, "postgres-backup")["env"]!.AsArray().ToDictionary(e => (string)e!["name"]!, e => e!);
        Assert.Equal("metadata.annotations['batch.kubernetes.io/job-index-failure-count']", (string)variables[JobAttempt.FailedVariable]["valueFrom"]!["fieldRef"]!["fieldPath"]!);
        Assert.Equal("2", (string)variables[JobAttempt.RetriesVariable]["value"]!);

        Assert.DoesNotContain("Indexed", Text(told, "repository-init"), StringComparison.Ordinal);
        var silent = Text(ClusterPlans.Render(ClusterPlans.Minimal), "postgres-backup");
        Assert.DoesNotContain("Indexed", silent, StringComparison.Ordinal);
        Assert.DoesNotContain(JobAttempt.FailedVariable, silent, StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_that_write_to_a_volume_of_one_node_run_on_one_node_and_others_are_spread()
    {
        const string Together = "podAffinity", Spread = "topologySpreadConstraints";
        var many = Text(ClusterPlans.Render(ClusterPlans.Parallel), "mlflow-artifacts-backup");
        Assert.DoesNotContain(Together, many, StringComparison.Ordinal);
        Assert.Contains(Spread, many, StringComparison.Ordinal);
        Assert.Contains("- ReadWriteMany", Text(ClusterPlans.Render(ClusterPlans.Parallel), "backup-pvc"), StringComparison.Ordinal);

        var one = ClusterPlans.Parallel.With("accessMode: ReadWriteMany", "");
        Assert.Contains(Together, Text(ClusterPlans.Render(one), "mlflow-artifacts-backup"), StringComparison.Ordinal);
        Assert.Contains("app.kubernetes.io/component: mlflow-artifacts-backup", Text(ClusterPlans.Render(one), "mlflow-artifacts-backup").Split(Together)[1], StringComparison.Ordinal);
        Assert.DoesNotContain(Spread, Text(ClusterPlans.Render(one), "mlflow-artifacts-backup"), StringComparison.Ordinal);

        // With a pod named, that one says where: to want both would never be met.
        var named = Text(ClusterPlans.Render(one + "\n  kubernetes: {affinityLabels: {app: mlflow}}"), "mlflow-artifacts-backup").Split(Together);
        Assert.Equal(2, named.Length);
        Assert.DoesNotContain("component: mlflow-artifacts-backup\n                      ", named[1].Split("securityContext")[0], StringComparison.Ordinal);
        Assert.Contains("app: mlflow", named[1], StringComparison.Ordinal);

        Assert.DoesNotContain(Together, Text(ClusterPlans.Render(one.With("parallelism: 3", "parallelism: 1")), "mlflow-artifacts-backup"), StringComparison.Ordinal);
    }

    [Fact]
    public void Existing_claims_are_not_made_and_no_policy_is_made_where_none_is_wanted()
    {
        Assert.Equal(["backups"], ClusterPlans.Render(Plans.Cluster).Where(m => m.Kind == "PersistentVolumeClaim").Select(m => m.Name));
        Assert.DoesNotContain(ClusterPlans.Render(Plans.Cluster.With("networkPolicy: true", "networkPolicy: false")), m => m.Kind == "NetworkPolicy");
    }

    [Fact]
    public void The_namespace_is_that_of_the_command_line_then_that_of_the_plan()
    {
        static string Of(string yaml, string? ns) => (string)YamlReading.ToJson(ClusterPlans.Render(yaml, ns)[0].Yaml)!["metadata"]!["namespace"]!;

        Assert.Equal("other", Of(ClusterPlans.Minimal, "other"));
        Assert.Equal("mlops-platform", Of(ClusterPlans.Minimal, null));
        Assert.Contains("no namespace is named", ClusterPlans.Refused(ClusterPlans.S3, null).Message, StringComparison.Ordinal);
        Assert.Contains("--namespace: got", ClusterPlans.Refused(ClusterPlans.Minimal, "x\nkind: Secret").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host: postgres", "host: localhost", "spec.postgres.host: got \"localhost\"")]
    [InlineData("passwordSecret: {name: postgres, key: postgres-password}", "passwordFile: pw", "spec.postgres.passwordFile: is of this machine, not of the cluster; wants passwordSecret")]
    [InlineData("passwordSecret: {name: postgres, key: postgres-password}", "passwordEnv: PW", "spec.postgres.passwordEnv: is of this machine")]
    [InlineData("volume: {}", "path: /backups", "spec.repositories[0].path: is of this machine")]
    [InlineData("volume: {}", "s3: {bucket: abc, credentials: {file: f}}", "spec.repositories[0].s3.credentials.file: is of this machine")]
    [InlineData("passphraseSecret: {name: backup-passphrase, key: passphrase}", "passphraseEnv: PASS", "spec.encryption.passphraseEnv: is of this machine")]
    [InlineData("  encryption:", "  recovery: {rpo: 1h}\n  encryption:", "spec.postgres.schedule: got \"0 2 * * *\"; wants backups at least every 1h")]
    public void What_is_of_the_users_own_machine_is_refused(string old, string replacement, string expected)
    {
        var error = ClusterPlans.Refused(ClusterPlans.Minimal.With(old, replacement));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.Code);
    }

    [Fact]
    public void No_name_can_add_a_field_or_an_object() =>
        Gen.Select(Gen.String[Gen.Char["ab:#'\"\\{}[]&*!|>%@`,-? \u00e9\u2603\t"], 1, 20], Gen.String[Gen.Char["ab\"'{}: #\u2028\u0085"], 1, 20]).Sample((text, folder) =>
        {
            var plan = Plans.Load(Plans.Cluster);
            plan.Spec.Kubernetes!.Annotations["example.com/note"] = $"{text}\n---\nkind: Secret\n{folder}";
            plan.Spec.Kubernetes.ServiceAccountAnnotations.Backup["example.com/note"] = folder;
            plan.Spec.Artifacts!.Volume!.SubPath = folder;
            plan.Spec.Postgres!.Database = text;
            var source = $"# {text}\n{folder}\n\n";

            var manifests = ManifestRenderer.Render(plan, new ManifestOptions("plan.yaml", source, "mlops", "1.2.3"));

            Assert.Equal(12, manifests.Count);
            foreach (var manifest in manifests)
            {
                var read = YamlReading.ToJson(manifest.Yaml)!;
                Assert.Equal(manifest.Kind, (string)read["kind"]!);
                Assert.Equal(manifest.Name, (string)read["metadata"]!["name"]!);
            }

            Assert.Equal(source, ClusterPlans.Data(manifests, "source.yaml"));
            Assert.Equal(text, (string)YamlReading.ToJson(ClusterPlans.Data(manifests, "plan.yaml"))!["spec"]!["postgres"]!["database"]!);
            Assert.Equal(folder, (string)YamlReading.ToJson(manifests[0].Yaml)!["metadata"]!["annotations"]!["example.com/note"]!);
            Assert.Equal(folder, (string)Container(manifests, "mlflow-artifacts-backup")["volumeMounts"]!.AsArray()
                .Single(m => (string)m!["name"]! == "artifacts")!["subPath"]!);
        });

    [Fact]
    public void The_example_in_the_documentation_renders()
    {
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs", "kubernetes.md"));
        var start = page.IndexOf("```yaml\n", StringComparison.Ordinal) + 8;

        var manifests = ClusterPlans.Render(page[start..page.IndexOf("```", start, StringComparison.Ordinal)], null);

        Assert.All(manifests, m => Assert.Contains(m.Name, page, StringComparison.Ordinal));
    }

    [Fact]
    public void No_secret_is_made()
    {
        var text = ManifestRenderer.Documents(ClusterPlans.Render(Plans.Cluster));

        Assert.DoesNotContain("kind: Secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("stringData", text, StringComparison.Ordinal);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static string Text(IReadOnlyList<Manifest> manifests, string name) => manifests.Single(m => m.Name == name).Yaml;

    private static JsonNode Pod(Manifest job) => YamlReading.ToJson(job.Yaml)!["spec"]!["jobTemplate"]!["spec"]!["template"]!["spec"]!;

    private static JsonNode Container(IReadOnlyList<Manifest> manifests, string job) =>
        Pod(manifests.Single(m => m.Kind == "CronJob" && m.Name == job))["containers"]![0]!;
}
