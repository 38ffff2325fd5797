using Scriban.Runtime;

namespace KubectlMlopsBackup.Manifests;

/// <summary>What an account needs that asks the API server.</summary>
internal static class AccountManifests
{
    /// <summary>Of the role of the same name.</summary>
    /// <param name="model">With its name and labels.</param>
    /// <param name="target">Null for the whole cluster.</param>
    /// <param name="ns">The account's.</param>
    public static Manifest Binding(ScriptObject model, string name, string? target, string account, string ns)
    {
        var role = target is null ? "ClusterRole" : "Role";
        var kind = $"{role}Binding";
        model["namespace"] = ObjectModel.Quote(target);
        model["kind"] = kind;
        model["role"] = role;
        model["account"] = ObjectModel.Quote(account);
        model["accountNamespace"] = ObjectModel.Quote(ns);
        return new Manifest(kind, name, TemplateRenderer.Render("kubernetes/binding.yaml.sbn", model));
    }

    /// <param name="model">With its name and labels.</param>
    /// <param name="plan">The plan's name.</param>
    /// <param name="component">Of the pods that it is for.</param>
    public static Manifest WayToTheServer(ScriptObject model, string name, string plan, string component)
    {
        model["instance"] = ObjectModel.Quote(plan);
        model["component"] = ObjectModel.Quote(component);
        return new Manifest("NetworkPolicy", name, TemplateRenderer.Render("kubernetes/networkpolicy-config.yaml.sbn", model));
    }
}
