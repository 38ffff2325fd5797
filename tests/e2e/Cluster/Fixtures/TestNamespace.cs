using System.Security.Cryptography;
using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

/// <summary>A namespace of a test's own, and a folder for its files; gone afterwards (MLOPSBACKUP_E2E_KEEP=1 keeps the namespace).</summary>
public sealed class TestNamespace : IAsyncDisposable
{
    private readonly ClusterFixture cluster;

    private TestNamespace(ClusterFixture cluster, string name)
    {
        this.cluster = cluster;
        Name = name;
    }

    public string Name { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlopsbackup-cluster-").FullName;

    private static bool Keep => Environment.GetEnvironmentVariable("MLOPSBACKUP_E2E_KEEP") is { Length: > 0 };

    internal static async Task<TestNamespace> CreateAsync(ClusterFixture cluster)
    {
        var prefix = Environment.GetEnvironmentVariable("MLOPSBACKUP_E2E_PREFIX") is { Length: > 0 } given ? given : "mlopsbackup-e2e";
        var made = new TestNamespace(cluster, $"{prefix}-{RandomNumberGenerator.GetString("bcdfghjkmnpqrstvwxz2456789", 6)}");
        await cluster.KubectlAsync(
            ["apply", "-f", "-"],
            $$"""
            apiVersion: v1
            kind: Namespace
            metadata:
              name: {{made.Name}}
              labels:
                pod-security.kubernetes.io/enforce: restricted
                pod-security.kubernetes.io/enforce-version: latest
            """);
        return made;
    }

    /// <summary>kubectl in this namespace; the test fails where it does.</summary>
    public Task<string> KubectlAsync(params string[] arguments) => cluster.KubectlAsync(["-n", Name, .. arguments]);

    /// <summary>kubectl in this namespace, whatever it comes to.</summary>
    internal Task<CliResult> TryKubectlAsync(params string[] arguments) => cluster.TryKubectlAsync(["-n", Name, .. arguments]);

    /// <summary>Applies YAML to this namespace.</summary>
    public Task<string> ApplyAsync(string yaml) => cluster.KubectlAsync(["-n", Name, "apply", "-f", "-"], yaml);

    /// <summary>An object as the cluster has it; all fields, with their managers.</summary>
    public async Task<JsonElement> GetAsync(string kind, string name)
    {
        using var document = JsonDocument.Parse(await KubectlAsync("get", kind, name, "-o", "json", "--show-managed-fields"));
        return document.RootElement.Clone();
    }

    public async Task<bool> HasAsync(string kind, string name) =>
        (await KubectlAsync("get", kind, name, "--ignore-not-found", "-o", "name")).Length > 0;

    /// <summary>The binary under test, in this namespace of this cluster.</summary>
    internal Task<CliResult> RunAsync(params string[] arguments) => RunInAsync(Name, arguments);

    internal Task<CliResult> RunInAsync(string name, params string[] arguments) => CommandLine.RunAsync([.. arguments, "-n", name], Variables(), Folder);

    /// <summary>With more variables.</summary>
    internal Task<CliResult> RunWithAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        CommandLine.RunAsync([.. arguments, "-n", Name], Variables().Concat(environment).ToDictionary(), Folder);

    internal async Task<CliResult> DoneAsync(params string[] arguments) => (await RunAsync(arguments)).Expect(ExitCode.Done);

    /// <summary>As <see cref="RunAsync"/>, for one that is interrupted or watched.</summary>
    internal CliProcess Start(params string[] arguments) => CommandLine.Start([.. arguments, "-n", Name], Variables(), Folder);

    /// <summary>Writes a file to <see cref="Folder"/>.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        try
        {
            await RefuseSecretsAsync();
        }
        finally
        {
            if (!Keep)
            {
                await cluster.TryKubectlAsync(["delete", "namespace", Name, "--wait=false", "--ignore-not-found"]);
                // What a plan has outside of its namespace goes with an uninstall, and not with the namespace.
                await cluster.TryKubectlAsync(
                    ["delete", "clusterrole,clusterrolebinding", $"mlopsbackup-config-{Name}", $"mlopsbackup-drill-{Name}", $"mlopsbackup-drill-{Name}.scratch", "--ignore-not-found"]);
                await cluster.TryKubectlAsync(
                    ["delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", $"mlopsbackup-drill-{Name}", "--ignore-not-found"]);
            }
        }
    }

    /// <summary>Nothing that the product has made here, and nothing that its pods have said, holds a secret.</summary>
    private async Task RefuseSecretsAsync()
    {
        const string Ours = "app.kubernetes.io/name=mlopsbackup";
        var made = await TryKubectlAsync("get", "cronjobs,jobs,pods,configmaps,deployments,serviceaccounts,networkpolicies,roles,events", "-o", "yaml", "-l", Ours, "--ignore-not-found");
        PlantedSecrets.Refuse($"an object in {Name}", made.Output);
        var said = await TryKubectlAsync("logs", "-l", Ours, "--all-containers", "--prefix", "--tail=-1", "--max-log-requests=100", "--ignore-errors");
        PlantedSecrets.Refuse($"the log of a pod in {Name}", said.Output);
    }

    private Dictionary<string, string> Variables() => new() { ["KUBECONFIG"] = cluster.Kubeconfig };
}
