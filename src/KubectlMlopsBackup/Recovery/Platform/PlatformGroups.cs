using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster.Discovery;
using Started = KubectlMlopsBackup.Cluster.Scaling.Workload;

namespace KubectlMlopsBackup.Recovery.Platform;

/// <summary>The workloads of a platform in the order in which a recovery starts them.</summary>
/// <param name="Database">Those behind the Service that the plan names as its host. Empty where an operator, or nobody in the namespace, runs it.</param>
/// <param name="Mlflow">The tracking server.</param>
/// <param name="Application">All that is in no other group.</param>
/// <param name="Monitoring">What watches the rest.</param>
internal sealed record PlatformGroups(
    IReadOnlyList<Started> Database, IReadOnlyList<Started> Mlflow, IReadOnlyList<Started> Application, IReadOnlyList<Started> Monitoring)
{
    private static readonly string[] Watchers = ["prometheus", "grafana", "alertmanager", "loki", "promtail", "exporter", "victoria-metrics", "vmagent"];

    /// <summary>As the namespace has them now.</summary>
    public static async Task<PlatformGroups> ReadAsync(ClusterApi api, string ns, PlanSpec spec, CancellationToken cancellationToken)
    {
        var deployments = await api.ListAsync(ApiResource.Deployments, ns, null, null, ClusterJson.Default.ListViewTemplatedView, cancellationToken);
        var sets = await api.ListAsync(ApiResource.StatefulSets, ns, null, null, ClusterJson.Default.ListViewTemplatedView, cancellationToken);
        var host = spec.Postgres?.Host.Split('.')[0];
        var service = host is null ? null : await api.FindAsync(ApiResource.Services, ns, host, ClusterJson.Default.ServiceView, cancellationToken);
        return Of(
            [.. deployments.Items.Select(d => new Workload("deployment", d)), .. sets.Items.Select(s => new Workload("statefulset", s))],
            service,
            spec);
    }

    /// <param name="database">The Service of the plan's host; null where there is none.</param>
    public static PlatformGroups Of(IReadOnlyList<Workload> workloads, ServiceView? database, PlanSpec spec)
    {
        var left = workloads.ToList();
        List<Started> Take(Func<Workload, bool> belongs)
        {
            var taken = left.Where(belongs).ToList();
            left.RemoveAll(taken.Contains);
            return [.. taken.OrderBy(Order).ThenBy(w => w.Name, StringComparer.Ordinal).Select(Start)];
        }

        // What a restore stops first is what uses the rest: it is started last.
        int Order(Workload workload) => spec.Kubernetes!.ScaleDown.IndexOf(workload.ToString()) is var at && at < 0 ? int.MinValue : -at;

        var databases = Take(w => database is not null && w.IsSelectedBy(database));
        var best = left.Count == 0 ? 0 : left.Max(Likeness);
        var mlflow = best == 0 ? null : left.First(w => Likeness(w) == best);
        var tracking = Take(w => w == mlflow);
        var monitoring = Take(w => Watches(w));
        return new PlatformGroups(databases, tracking, Take(_ => true), monitoring);
    }

    private static int Likeness(Workload workload) =>
        workload.View.Containers.Count == 0 || Watches(workload) ? 0 : PlatformFinder.Likeness(workload);

    private static bool Watches(Workload workload) => workload.View.Containers is { Count: > 0 } containers
        && Array.Exists(Watchers, w => ImageNames.Name(containers[0].Image).Contains(w, StringComparison.OrdinalIgnoreCase));

    private static Started Start(Workload workload) =>
        new(workload.Kind == "deployment" ? ApiResource.Deployments : ApiResource.StatefulSets, workload.Name);
}
