using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Cluster.Scaling;

/// <summary>Something with replicas, as the plan names it: <c>deployment/mlflow-server</c>.</summary>
internal sealed record Workload(ApiResource Resource, string Name)
{
    public const string Wanted = "deployment/NAME or statefulset/NAME";

    public static bool TryParse(string text, out Workload? workload)
    {
        workload = text.Split('/') switch
        {
            ["deployment", { Length: > 0 } name] => new Workload(ApiResource.Deployments, name),
            ["statefulset", { Length: > 0 } name] => new Workload(ApiResource.StatefulSets, name),
            _ => null,
        };
        return workload is not null;
    }

    public override string ToString() => $"{Resource.Kind.ToLowerInvariant()}/{Name}";
}
