using System.Text.Json;

namespace KubectlMlopsBackup.EndToEndTests.Cluster.Rights;

/// <summary>What a Role or ClusterRole gives, taken apart.</summary>
internal static class GrantedRights
{
    /// <param name="role">As the cluster has it.</param>
    public static IReadOnlyList<ApiRight> Of(JsonElement role) =>
    [
        .. role.GetProperty("rules").EnumerateArray().SelectMany(rule =>
            from g in Texts(rule, "apiGroups")
            from r in Texts(rule, "resources")
            from v in Texts(rule, "verbs")
            select new ApiRight(g, r, v)),
    ];

    /// <summary>Whether a rule, with <c>*</c> or without, is what a request needed.</summary>
    public static bool Covers(ApiRight rule, ApiRight asked) =>
        Fits(rule.Group, asked.Group) && Fits(rule.Resource, asked.Resource) && Fits(rule.Verb, asked.Verb);

    private static bool Fits(string pattern, string text) => pattern == "*" || pattern == text;

    private static IEnumerable<string> Texts(JsonElement rule, string name) => rule.GetProperty(name).EnumerateArray().Select(t => t.GetString()!);
}
