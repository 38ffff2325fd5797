using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Manifests;

/// <summary>
/// What scheduled drills need in the cluster: an account that may make namespaces of a drill, may do there what a recovery does, and may do nothing
/// anywhere else. Roles alone cannot say the first, so an admission policy does; it comes before the role that it holds back.
/// </summary>
internal static class DrillScheduleManifests
{
    /// <summary>In the installation's namespace, and of the binding in the scratch one.</summary>
    public const string Name = "mlopsbackup-drill";

    private const string Component = "drill";

    /// <summary>Of what is outside the installation's namespace.</summary>
    public static string OutsideName(string ns) => $"{Name}-{ns}";

    /// <summary>Of the role that the drill binds in its scratch namespace. No namespace has a dot in its name: it is no other installation's.</summary>
    public static string ScratchRole(string ns) => $"{OutsideName(ns)}.scratch";

    /// <param name="ns">That of the installation.</param>
    public static IEnumerable<Manifest> Of(BackupPlan plan, ObjectModel objects, string ns)
    {
        var outside = OutsideName(ns);
        yield return ManifestRenderer.Account(objects, AgentJobs.DrillAccount, plan.Spec.Kubernetes!.ServiceAccountAnnotations.Restore);

        var policy = objects.Of(outside, Component);
        var scratch = plan.Spec.Recovery.Drill.Namespace;
        policy["user"] = Literal($"system:serviceaccount:{ns}:{AgentJobs.DrillAccount}");
        policy["scratch"] = Literal(scratch);
        policy["scratchPrefix"] = Literal($"{scratch}-");
        policy["source"] = Literal(ns);
        policy["scratchRole"] = Literal(ScratchRole(ns));
        policy["account"] = Literal(AgentJobs.DrillAccount);
        yield return Made("ValidatingAdmissionPolicy", outside, "admissionpolicy", policy);
        yield return Made("ValidatingAdmissionPolicyBinding", outside, "admissionbinding", objects.Of(outside, Component));

        yield return Made("ClusterRole", ScratchRole(ns), "scratchrole", objects.Of(ScratchRole(ns), Component));
        var namespaces = objects.Of(outside, Component);
        namespaces["scratchRole"] = ObjectModel.Quote(ScratchRole(ns));
        yield return Made("ClusterRole", outside, "clusterrole", namespaces);
        yield return AccountManifests.Binding(objects.Of(outside, Component), outside, null, AgentJobs.DrillAccount, ns);
        yield return Made("Role", Name, "role", objects.Of(Name, Component));
        yield return AccountManifests.Binding(objects.Of(Name, Component), Name, ns, AgentJobs.DrillAccount, ns);
        if (plan.Spec.Kubernetes.NetworkPolicy)
        {
            yield return AccountManifests.WayToTheServer(objects.Of(Name, Component), Name, plan.Metadata.Name, AgentJobs.Drill);
        }
    }

    private static Manifest Made(string kind, string name, string template, Scriban.Runtime.ScriptObject model) =>
        new(kind, name, TemplateRenderer.Render($"kubernetes/drill/{template}.yaml.sbn", model));

    /// <summary>For an expression of the policy. Names of namespaces and accounts have no quotes in them.</summary>
    private static string Literal(string name) => $"'{name}'";
}
