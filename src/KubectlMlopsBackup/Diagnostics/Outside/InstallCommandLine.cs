using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>How the installed plan is installed again, by whoever does not have its file.</summary>
internal static class InstallCommandLine
{
    public static string Of(ClusterLook look, string more = "") => Of(look.Api, more);

    public static string Of(ClusterApi api, string more = "") =>
        $"kubectl -n {api.Namespace} get configmap {ManifestRenderer.PlanConfigMap} -o jsonpath='{{.data.source\\.yaml}}' > plan.yaml && kubectl mlopsbackup install -n {api.Namespace} -f plan.yaml{more}";
}
