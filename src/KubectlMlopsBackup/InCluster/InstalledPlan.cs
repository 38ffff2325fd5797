using System.Text.Json;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.InCluster;

/// <summary>The plan that a namespace's ConfigMap holds: verbs need no file once it is installed.</summary>
/// <param name="Plan">As its author wrote it, checked.</param>
/// <param name="Source">Its text, comments and all.</param>
/// <param name="Version">Of the program that installed it.</param>
internal sealed record InstalledPlan(BackupPlan Plan, string Source, string Namespace, string Version)
{
    private const string SourceKey = "source.yaml";
    private const string VersionLabel = "app.kubernetes.io/version";

    public PlanSpec Spec => Plan.Spec;

    /// <summary>The ConfigMap that Jobs have their plan from.</summary>
    public string PlanMap { get; init; } = ManifestRenderer.PlanConfigMap;

    public string Name => Plan.Metadata.Name;

    /// <summary>Selects all that belongs to this plan.</summary>
    public string Selector => SelectorOf(Name);

    /// <summary>Selects all that belongs to a plan.</summary>
    public static string SelectorOf(string plan) => $"app.kubernetes.io/name=mlopsbackup,app.kubernetes.io/instance={plan}";

    /// <summary>For objects that are to fit to what is installed, such as a Job's image.</summary>
    public ManifestOptions Options => new($"{Namespace}/{PlanMap}", Source, Namespace, Version, PlanMap);

    /// <summary>To be changed: this one stays as it was read.</summary>
    public BackupPlan CopyPlan() =>
        JsonSerializer.SerializeToElement(Plan, ManifestJson.Default.BackupPlan).Deserialize(ManifestJson.Default.BackupPlan)!;

    /// <exception cref="UserError">Nothing is installed there.</exception>
    public static async Task<InstalledPlan> GetAsync(ClusterApi api, CancellationToken cancellationToken) =>
        await FindAsync(api, cancellationToken) ?? throw new UserError(
            $"no plan is installed in namespace {api.Namespace}{(api.Context is { } context ? $" of context {context}" : "")}",
            "name its namespace with -n, install one with \"kubectl mlopsbackup install -f PLAN\", or work in this process with --local",
            ExitCode.Usage);

    /// <returns>Null where nothing is installed.</returns>
    public static async Task<InstalledPlan?> FindAsync(ClusterApi api, CancellationToken cancellationToken)
    {
        var map = await api.FindAsync(ApiResource.ConfigMaps, api.Namespace, ManifestRenderer.PlanConfigMap, ClusterJson.Default.ConfigMapView, cancellationToken);
        if (map is null)
        {
            return null;
        }

        var name = $"{api.Namespace}/{ManifestRenderer.PlanConfigMap}";
        var source = map.Data?.GetValueOrDefault(SourceKey) ?? throw new UserError(
            $"ConfigMap {name} has no {SourceKey}", "install the plan again", ExitCode.Usage);
        // No file of this machine is meant by it: the folder only has to be absolute.
        var plan = PlanLoader.Parse(source, $"ConfigMap {name}", Path.GetTempPath());
        return new InstalledPlan(plan, source, api.Namespace, map.Metadata.Label(VersionLabel) ?? ToolVersion.Current);
    }
}
