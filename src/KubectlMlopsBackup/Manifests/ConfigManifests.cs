using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Manifests;

/// <summary>
/// What the backup of the configuration needs in the cluster: an account that may read the plan's namespaces and a little of what is outside them, and
/// the way to the API server. No other Job of the plan has either.
/// </summary>
internal static class ConfigManifests
{
    private const string Component = "config";

    /// <summary>In the installation's namespace.</summary>
    public const string Name = "mlopsbackup-config";

    /// <summary>Of what is outside the installation's namespace, where others may have the same: a namespace has one installation.</summary>
    public static string OutsideName(string ns) => $"{Name}-{ns}";

    /// <param name="ns">That of the installation.</param>
    public static IEnumerable<Manifest> Of(BackupPlan plan, ConfigSpec config, ObjectModel objects, string ns)
    {
        yield return ManifestRenderer.Account(objects, AgentJobs.ConfigAccount, plan.Spec.Kubernetes!.ServiceAccountAnnotations.Backup);
        var namespaces = config.Namespaces.Count == 0 ? [ns] : config.Namespaces.Distinct().ToList();
        foreach (var target in namespaces)
        {
            var name = target == ns ? Name : OutsideName(ns);
            var role = objects.Of(name, Component);
            role["namespace"] = ObjectModel.Quote(target);
            role["rules"] = ConfigRights.Of(config);
            yield return new Manifest("Role", name, TemplateRenderer.Render("kubernetes/role.yaml.sbn", role), target == ns ? null : target);
            yield return AccountManifests.Binding(objects.Of(name, Component), name, target, AgentJobs.ConfigAccount, ns) with { Namespace = target == ns ? null : target };
        }

        var outside = objects.Of(OutsideName(ns), Component);
        outside["namespaces"] = new Scriban.Runtime.ScriptArray(namespaces.Select(ObjectModel.Quote));
        yield return new Manifest("ClusterRole", OutsideName(ns), TemplateRenderer.Render("kubernetes/clusterrole.yaml.sbn", outside));
        yield return AccountManifests.Binding(objects.Of(OutsideName(ns), Component), OutsideName(ns), null, AgentJobs.ConfigAccount, ns);
        if (plan.Spec.Kubernetes.NetworkPolicy)
        {
            yield return AccountManifests.WayToTheServer(objects.Of(Name, Component), Name, plan.Metadata.Name, AgentJobs.ConfigBackup);
        }
    }
}
