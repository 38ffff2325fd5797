using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether the caller may do what the commands do in the cluster.</summary>
internal sealed class CallerCheck(ClusterLook look) : Check
{
    private const string Jobs = "backup, restore, list, verify and the like";

    /// <summary>Without these nothing works.</summary>
    private static readonly AccessRight[] Needed =
    [
        new("get", ApiResource.ConfigMaps, null, "all") { Object = ManifestRenderer.PlanConfigMap },
        new("list", ApiResource.CronJobs, null, "status"),
        new("get", ApiResource.CronJobs, null, "backup"),
        new("list", ApiResource.Jobs, null, "status, logs"),
        new("create", ApiResource.Jobs, null, Jobs),
        new("list", ApiResource.Pods, null, "status, logs"),
        new("get", ApiResource.Pods, "log", "logs"),
    ];

    /// <summary>Without these some of it does not, or says less.</summary>
    private static readonly AccessRight[] Wanted =
    [
        new("watch", ApiResource.Jobs, null, Jobs),
        new("watch", ApiResource.Pods, null, Jobs),
        new("delete", ApiResource.Jobs, null, "cancelling"),
        new("list", ApiResource.Events, null, "saying why a pod does not start"),
        new("get", ApiResource.Claims, null, "status"),
        new("create", ApiResource.Pods, "exec", "export"),
        // A WebSocket begins with a GET.
        new("get", ApiResource.Pods, "exec", "export"),
    ];

    public override string Id => "caller";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        AccessRight[] wanted = [.. Wanted, .. Workloads()];
        AccessRight[] all = [.. Needed, .. wanted];
        var may = await Task.WhenAll(all.Select(r => AccessReview.MayIAsync(look.Api, look.Namespace, r, cancellationToken)));
        var lacking = all.Zip(may).Where(r => !r.Second).Select(r => r.First).ToList();
        Tell(found, FindingVerdict.Problem, [.. lacking.Where(Needed.Contains)]);
        Tell(found, FindingVerdict.Warning, [.. lacking.Where(wanted.Contains)]);
        found.OkUnlessFault($"you may do all that the commands need in namespace {look.Namespace}");
    }

    private IEnumerable<AccessRight> Workloads() => look.Spec.Kubernetes!.ScaleDown
        .Select(w => w.StartsWith("deployment/", StringComparison.Ordinal) ? ApiResource.Deployments : ApiResource.StatefulSets)
        .Distinct()
        .Select(r => new AccessRight("patch", r, null, "restore"));

    private static void Tell(Findings found, FindingVerdict verdict, IReadOnlyList<AccessRight> lacking)
    {
        if (lacking.Count > 0)
        {
            found.Add(
                verdict,
                Faults.CallerRights,
                $"you may not {string.Join(", ", lacking.Select(r => $"{r.Verb} {r.Name} ({r.For})"))}",
                "have these rules added to your Role: "
                + string.Join(" ", lacking.Select(r => $"{{apiGroups: [\"{r.Resource.Group}\"], resources: [\"{r.Resource.Plural}{(r.Subresource is null ? "" : $"/{r.Subresource}")}\"], verbs: [\"{r.Verb}\"]}}")));
        }
    }
}
