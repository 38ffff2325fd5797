using KubectlMlopsBackup.Configuration;
using Scriban.Runtime;

namespace KubectlMlopsBackup.Manifests;

/// <summary>
/// What the backup of the configuration may read in a namespace: as little as a Role can say without asking a cluster which kinds it has. A Role only adds rights:
/// "all but Secrets" can be said of the core group alone, whose kinds are known.
/// </summary>
internal static class ConfigRights
{
    private const string Core = "core";
    private const string Secrets = "secrets";

    /// <summary>The core group's kinds, and what they are in the API: all that a backup may hold.</summary>
    private static readonly (string Kind, string Plural)[] CoreKinds =
    [
        ("configmap", "configmaps"), ("endpoints", "endpoints"), ("limitrange", "limitranges"), ("persistentvolumeclaim", "persistentvolumeclaims"), ("pod", "pods"),
        ("podtemplate", "podtemplates"), ("replicationcontroller", "replicationcontrollers"), ("resourcequota", "resourcequotas"), ("secret", Secrets), ("service", "services"),
        ("serviceaccount", "serviceaccounts"),
    ];

    /// <returns>Rules for the template: groups and resources. One with everything where the plan's kinds do not say of which groups they are.</returns>
    public static ScriptArray Of(ConfigSpec config)
    {
        var groups = new SortedSet<string>(StringComparer.Ordinal);
        // Services are looked at in any case: Endpoints are judged by them.
        var resources = new SortedSet<string>(StringComparer.Ordinal) { "services" };
        if (config.Include.Count == 0 || !config.Include.TrueForAll(text => TryAdd(text, groups, resources)))
        {
            return [Rule(["*"], ["*"])];
        }

        if (config.Secrets == ConfigRules.None || config.Exclude.Exists(IsSecrets))
        {
            resources.Remove(Secrets);
        }

        var rules = new ScriptArray { Rule([""], resources) };
        if (groups.Count > 0)
        {
            rules.Add(Rule(groups, ["*"]));
        }

        return rules;
    }

    /// <returns>False where it may be of any group.</returns>
    private static bool TryAdd(string text, SortedSet<string> groups, SortedSet<string> resources)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var (group, kind) = slash >= 0 ? (text[..slash], text[(slash + 1)..].ToLowerInvariant())
            : dot >= 0 ? (text[(dot + 1)..], text[..dot].ToLowerInvariant())
            : (Core, text.ToLowerInvariant());
        if (group == "*")
        {
            return false;
        }

        if (group != Core)
        {
            groups.Add(group.ToLowerInvariant());
            return true;
        }

        if (kind == "*")
        {
            resources.UnionWith(CoreKinds.Select(k => k.Plural));
            return true;
        }

        var found = CoreKinds.Where(k => kind == k.Kind || kind == k.Plural).Select(k => k.Plural).ToList();
        resources.UnionWith(found);
        // A kind without a group that the core group does not have, or that another has too, is looked for in all.
        return found.Count > 0 && (slash >= 0 || found[0] is Secrets or "configmaps" or "persistentvolumeclaims" or "serviceaccounts" or "services");
    }

    private static bool IsSecrets(string text) => text.ToLowerInvariant() is "secret" or Secrets or "core/secret" or "core/secrets" or "core/*";

    private static ScriptObject Rule(IEnumerable<string> groups, IEnumerable<string> resources) => new()
    {
        ["groups"] = new ScriptArray(groups.Select(Quote)),
        ["resources"] = new ScriptArray(resources.Select(Quote)),
    };

    private static string Quote(string text) => ObjectModel.Quote(text)!;
}
