using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Discovery;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>What the checks read of a cluster. What several of them want is asked once.</summary>
internal sealed class ClusterLook
{
    private readonly Lazy<Task<ClusterFacts>> facts;
    private readonly Lazy<Task<StatusReport>> status;
    private readonly Lazy<Task<IReadOnlyList<VolumeClaimView>>> claims;
    private readonly Lazy<Task<IReadOnlyList<StorageClassView>>> classes;
    private readonly Lazy<Task<IReadOnlyList<PodView>>> pods;
    private readonly Lazy<Task<NamespaceContents>> contents;
    private readonly Lazy<IReadOnlyList<Manifest>> manifests;

    public ClusterLook(ClusterApi api, InstalledPlan installed, TimeProvider clock, CancellationToken cancellationToken)
    {
        Api = api;
        Installed = installed;
        Clock = clock;
        var ns = installed.Namespace;
        facts = new(() => ClusterFactsReader.ReadAsync(api, installed, clock, drills: false, cancellationToken));
        status = new(async () => ClusterStatus.Of(await facts.Value));
        claims = new(async () => (await api.ListAsync(ApiResource.Claims, ns, null, null, ClusterJson.Default.ListViewVolumeClaimView, cancellationToken)).Items);
        classes = new(async () =>
            (await api.ListAsync(ApiResource.StorageClasses, null, null, null, ClusterJson.Default.ListViewStorageClassView, cancellationToken)).Items);
        pods = new(async () => (await api.ListAsync(ApiResource.Pods, ns, null, null, ClusterJson.Default.ListViewPodView, cancellationToken)).Items);
        contents = new(() => NamespaceContents.ReadAsync(api, _ => { }, cancellationToken));
        manifests = new(() => ManifestRenderer.Render(installed.Plan, installed.Options));
    }

    public ClusterApi Api { get; }

    public InstalledPlan Installed { get; }

    public TimeProvider Clock { get; }

    public string Namespace => Installed.Namespace;

    public PlanSpec Spec => Installed.Spec;

    /// <summary>Of the plan's CronJobs, Jobs and pods.</summary>
    public Task<ClusterFacts> FactsAsync() => facts.Value;

    public Task<StatusReport> StatusAsync() => status.Value;

    /// <summary>Of the namespace.</summary>
    public Task<IReadOnlyList<VolumeClaimView>> ClaimsAsync() => claims.Value;

    public Task<IReadOnlyList<StorageClassView>> ClassesAsync() => classes.Value;

    /// <summary>Of the namespace, not only the plan's.</summary>
    public Task<IReadOnlyList<PodView>> PodsAsync() => pods.Value;

    /// <summary>The platform's workloads; without the names of Secrets' keys where these may not be listed.</summary>
    public Task<NamespaceContents> ContentsAsync() => contents.Value;

    /// <summary>What the installed plan needs.</summary>
    public IReadOnlyList<Manifest> Manifests => manifests.Value;

    /// <summary>A kubectl command in the plan's namespace.</summary>
    public string Kubectl(string command) => $"kubectl -n {Namespace} {command}";
}
