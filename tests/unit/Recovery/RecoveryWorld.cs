using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.UnitTests.Cluster;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.Manifests;

namespace KubectlMlopsBackup.UnitTests.Recovery;

/// <summary>
/// A small platform in a backup, and a cluster without it. What Kubernetes' controllers would do is done at once: workloads are ready, Jobs come
/// through, and each leaves a line of what it did.
/// </summary>
internal sealed class RecoveryWorld : IAsyncDisposable, IJobObserver
{
    public const string Source = "mlops";

    public static readonly string Plan = ClusterPlans.Minimal
        .With("      volume: {}\n", "      s3: {bucket: mlops-backups}\n")
        .With("  repositories:\n", "  artifacts: {volume: {claimName: mlflow-artifacts}}\n  repositories:\n");

    private RecoveryWorld(MemoryCluster cluster) => Cluster = cluster;

    public MemoryCluster Cluster { get; }

    public List<string> Notes { get; } = [];

    public static IReadOnlyList<ConfigObject> Objects { get; } =
    [
        One("v1", "Namespace", null, Source, """{"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}"""),
        One("v1", "Secret", Source, "postgres", """{"data": {"postgres-password": "eA=="}}"""),
        One("v1", "Secret", Source, "backup-passphrase", """{"data": {"passphrase": "eA=="}}"""),
        One("v1", "ConfigMap", Source, "settings", """{"data": {"db": "postgres.mlops.svc:5432"}}"""),
        One("v1", "PersistentVolumeClaim", Source, "mlflow-artifacts", """{"spec": {"resources": {"requests": {"storage": "1Gi"}}}}"""),
        One("v1", "Service", Source, "postgres", """{"spec": {"selector": {"app": "postgres"}, "ports": [{"port": 5432}]}}"""),
        Workload("StatefulSet", "postgres", "postgres:16", 1),
        Workload("Deployment", "mlflow-server", "ghcr.io/mlflow/mlflow", 1),
        Workload("Deployment", "churn-api", "churn-api", 2),
        One("batch/v1", "CronJob", Source, "report", """{"spec": {"schedule": "0 1 * * *", "jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "i"}]}}}}}}"""),
    ];

    public static ListedRecoveryPoint Point { get; } = new()
    {
        Id = new string('a', 64),
        Repository = "local",
        Plan = "mlops-platform",
        Time = DateTimeOffset.UtcNow.AddHours(-1),
        Complete = true,
        Postgres = new string('b', 64),
        Artifacts = new string('c', 64),
        Config = new string('d', 64),
    };

    public static async Task<RecoveryWorld> StartAsync()
    {
        var world = new RecoveryWorld(await MemoryCluster.StartAsync());
        world.Cluster.Controller = world.Control;
        return world;
    }

    public static InstalledPlan Installed() => new(Plans.Load(Plan), Plan, Source, "1.2.3");

    /// <summary>Of the plan; they are run.</summary>
    public List<RecoveryHookSpec> Hooks { get; } = [];

    public bool RunHooks { get; set; } = true;

    /// <summary>For a backup that is at work.</summary>
    public TimeSpan BackupPatience { get; set; } = TimeSpan.FromMinutes(1);

    public async Task<RecoveryResult> RecoverAsync(bool resume, CancellationToken cancellationToken, string ns = Source)
    {
        using var api = await Cluster.ConnectAsync(ns);
        var installed = Installed();
        installed.Spec.Recovery.Hooks = Hooks;
        return await new RecoverRun(
            api,
            new RecoverOptions
            {
                Installed = installed,
                RunHooks = RunHooks,
                Namespace = ns,
                Point = Point,
                Objects = Objects,
                From = "s3://mlops-backups",
                Began = DateTimeOffset.UtcNow,
                StartPatience = TimeSpan.FromSeconds(30),
                BackupPatience = BackupPatience,
            },
            this,
            Notes.Add,
            _ => { },
            TimeProvider.System).RunAsync([], resume, cancellationToken);
    }

    /// <summary>What is in the namespace, without what is of the moment.</summary>
    public string State(string ns = Source)
    {
        var lines = new List<string>();
        foreach (var resource in new[] { ApiResource.Secrets, ApiResource.ConfigMaps, ApiResource.Claims, ApiResource.Services, ApiResource.CronJobs })
        {
            lines.AddRange(Cluster.All(resource, ns)
                .Where(o => (string?)o["metadata"]!["name"] != "mlopsbackup-recovery")
                .Select(o => $"{resource.Kind}/{o["metadata"]!["name"]} {o["data"]?.ToJsonString()} suspend={o["spec"]?["suspend"]}"));
        }

        foreach (var resource in new[] { ApiResource.Deployments, ApiResource.StatefulSets })
        {
            lines.AddRange(Cluster.All(resource, ns).Select(o =>
                $"{resource.Kind}/{o["metadata"]!["name"]} replicas={o["spec"]!["replicas"]} held={o["metadata"]!["annotations"]?["mlopsbackup.io/replicas-before"]}"));
        }

        lines.AddRange(Cluster.All(ApiResource.Jobs, ns).Select(Component).Order(StringComparer.Ordinal));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    public static string Component(JsonObject job) => $"Job {job["metadata"]!["labels"]!["app.kubernetes.io/component"]}";

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    void IJobObserver.Said(ProgressEvent line)
    {
    }

    void IJobObserver.Note(string line) => Notes.Add(line);

    private static ConfigObject One(string version, string kind, string? ns, string name, string more)
    {
        var body = JsonNode.Parse(more)!.AsObject();
        body["apiVersion"] = version;
        body["kind"] = kind;
        var metadata = body["metadata"] as JsonObject ?? [];
        metadata["name"] = name;
        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }

        body["metadata"] = metadata;
        return ConfigObject.Of(body);
    }

    private static ConfigObject Workload(string kind, string name, string image, int replicas) => One(
        "apps/v1", kind, Source, name,
        $$"""{"spec": {"replicas": {{replicas}}, "selector": {"matchLabels": {"app": "{{name}}"} }, "template": {"metadata": {"labels": {"app": "{{name}}"} }, "spec": {"containers": [{"name": "c", "image": "{{image}}"}] } } } }""");

    private void Control(string path, JsonObject value)
    {
        switch ((string?)value["kind"])
        {
            case "Deployment" or "StatefulSet":
                value["status"] = new JsonObject
                {
                    ["observedGeneration"] = 1,
                    ["readyReplicas"] = value["spec"]!["replicas"]!.DeepClone(),
                    ["updatedReplicas"] = value["spec"]!["replicas"]!.DeepClone(),
                };
                break;
            case "Job" when value["status"] is null:
                Finish(value);
                break;
        }
    }

    private void Finish(JsonObject job)
    {
        var name = (string)job["metadata"]!["name"]!;
        var ns = (string)job["metadata"]!["namespace"]!;
        job["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Complete", ["status"] = "True" }) };
        var arguments = job["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray().Select(a => (string)a!).ToList();
        if (arguments.Contains("platform"))
        {
            Cluster.Logs[$"{name}-1"] =
                """{"type":"result","time":"2026-11-24T02:00:00Z","result":[{"name":"rows","kind":"rows","outcome":"passed","evidence":"1 row"},{"name":"artifacts","kind":"artifacts","outcome":"passed","evidence":"1 file"},{"name":"verify mlflow","kind":"consistency","outcome":"passed","evidence":"5 of 5","consistency":{"judged":5,"missing":0,"withoutMlModel":0,"orphanFiles":2,"orphanBytes":20,"outside":0,"consistent":true}}]}"""
                + "\n";
        }

        Cluster.Place(
            ApiResource.Pods,
            ns,
            $$"""
            {"metadata": {"name": "{{name}}-1", "labels": {"batch.kubernetes.io/job-name": "{{name}}"} },
             "status": {"phase": "Succeeded", "containerStatuses": [{"name": "agent", "state": {"terminated": {"exitCode": 0} } }] } }
            """);
    }
}
