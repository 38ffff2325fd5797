using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary>A namespace with a volume of artifacts, and the objects that back it up into another.</summary>
internal sealed class StatusWorld(TestNamespace ns) : IAsyncDisposable
{
    public const string CronJob = "mlflow-artifacts-backup";

    public TestNamespace Namespace => ns;

    /// <param name="image">In place of the agent's.</param>
    /// <param name="more">Of the plan's spec, without its indentation.</param>
    public static async Task<StatusWorld> CreateAsync(ClusterFixture cluster, string? image = null, string more = "")
    {
        var agent = await cluster.ImageAsync();
        var ns = await cluster.NamespaceAsync();
        var world = new StatusWorld(ns);
        await world.InstallAsync(image ?? agent, more);
        await ns.ApplyAsync(Artifacts(agent));
        await ns.KubectlAsync("wait", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=120s", "pod/seed");
        return world;
    }

    public Task<CliResult> StatusAsync(params string[] arguments) => ns.RunAsync(["status", .. arguments]);

    public async Task<JsonElement> JsonAsync() => (await StatusAsync("-o", "json")).Json;

    /// <summary>Makes the repository.</summary>
    public async Task InitAsync()
    {
        await ns.KubectlAsync("create", "job", "init", "--from=cronjob/repository-init");
        await ns.KubectlAsync("wait", "--for=condition=complete", "--timeout=120s", "job/init");
    }

    public ValueTask DisposeAsync() => ns.DisposeAsync();

    private async Task InstallAsync(string image, string more)
    {
        var plan = ns.Write("plan.yaml", $$$"""
            apiVersion: mlopsbackup.io/v1
            kind: BackupPlan
            metadata: {name: status}
            spec:
              artifacts: {volume: {claimName: artifacts}}
              repositories:
                - name: local
                  volume: {size: 1Gi}
              encryption: {none: true}
              kubernetes: {image: "{{{image}}}"}
              {{{more}}}
            """);
        var manifests = await ns.DoneAsync("render", "--plan", plan);
        await ns.KubectlAsync("apply", "--server-side", "--field-manager=mlopsbackup", "-f", ns.Write("manifests.yaml", manifests.Output));
    }

    /// <summary>A volume with a file that the agent may read.</summary>
    private static string Artifacts(string image) => $$$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: artifacts}
        spec:
          accessModes: [ReadWriteOnce]
          resources: {requests: {storage: 1Gi}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: seed}
        spec:
          restartPolicy: Never
          securityContext: {runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
          containers:
            - name: seed
              image: "{{{image}}}"
              imagePullPolicy: IfNotPresent
              command: [sh, -c, "mkdir -p /a/1/run/artifacts && head -c 3000000 /dev/urandom > /a/1/run/artifacts/model.pkl"]
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
              volumeMounts: [{name: a, mountPath: /a}]
          volumes:
            - name: a
              persistentVolumeClaim: {claimName: artifacts}
        """;
}
