using System.Globalization;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Manifests;

/// <summary>
/// The exporter in the cluster: it reads the plan, CronJobs, Jobs, pods and claims of its namespace, changes nothing, and mounts neither Secrets nor
/// volumes with data.
/// </summary>
internal static class ExporterManifests
{
    public const string Name = "mlopsbackup-exporter";
    public const string Account = "exporter-sa";

    private const string Component = "exporter";

    public static IEnumerable<Manifest> Of(BackupPlan plan, ObjectModel objects, string ns, string version)
    {
        yield return ManifestRenderer.Account(objects, Account, []);
        yield return new Manifest("Role", Name, TemplateRenderer.Render("kubernetes/exporter/role.yaml.sbn", objects.Of(Name, Component)));
        var binding = objects.Of(Name, Component);
        binding["kind"] = "RoleBinding";
        binding["role"] = "Role";
        binding["account"] = ObjectModel.Quote(Account);
        binding["accountNamespace"] = ObjectModel.Quote(ns);
        yield return new Manifest("RoleBinding", Name, TemplateRenderer.Render("kubernetes/binding.yaml.sbn", binding));

        var model = objects.Of(Name, Component);
        JobModel.AddPod(model, plan.Spec.Kubernetes!, version);
        model["serviceAccount"] = ObjectModel.Quote(Account);
        model["port"] = MonitoringDefaults.Port.ToString(CultureInfo.InvariantCulture);
        model["selector"] = ObjectModel.Pairs(ObjectModel.Selector(plan, Component));
        foreach (var (kind, file) in new[] { ("Deployment", "deployment"), ("Service", "service") })
        {
            yield return new Manifest(kind, Name, TemplateRenderer.Render($"kubernetes/exporter/{file}.yaml.sbn", model));
        }

        if (plan.Spec.Kubernetes!.NetworkPolicy)
        {
            yield return new Manifest("NetworkPolicy", Name, TemplateRenderer.Render("kubernetes/exporter/networkpolicy.yaml.sbn", model));
        }
    }
}
