using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster.Rights;

/// <summary>Users who have the Roles of examples/rbac and nothing else: who has which, and where.</summary>
/// <param name="ns">The platform's. Users have its name before their own.</param>
internal sealed class RoleHolders(ClusterFixture cluster, TestNamespace ns)
{
    /// <summary>What is of the whole cluster has a name of this test's own: by its name in the file.</summary>
    private readonly Dictionary<string, string> clusterRoles = new(StringComparer.Ordinal)
    {
        ["mlopsbackup-to-look-up"] = $"{ns.Name}-look-up",
        ["mlopsbackup-to-compare"] = $"{ns.Name}-compare",
        ["mlopsbackup-to-drill"] = $"{ns.Name}-drill",
    };

    private readonly Dictionary<(string Role, string Namespace), HashSet<string>> users = [];

    /// <summary>Makes all Roles of the file in a namespace.</summary>
    public Task<string> DefineAsync(TestNamespace there, string file) =>
        there.ApplyAsync(clusterRoles.Aggregate(file, (text, role) => text.Replace(role.Key, role.Value, StringComparison.Ordinal)));

    /// <summary>Gives them to a user, in the platform's namespace or, where they are the cluster's, everywhere.</summary>
    public async Task BindAsync(string user, params string[] roles)
    {
        foreach (var role in roles)
        {
            await BindAsync(ns, user, role);
        }
    }

    public async Task BindAsync(TestNamespace there, string user, string role)
    {
        var isOfCluster = clusterRoles.TryGetValue(role, out var own);
        var holders = users[(role, isOfCluster ? "" : there.Name)] = users.GetValueOrDefault((role, isOfCluster ? "" : there.Name), []);
        holders.Add($"{ns.Name}-{user}");
        await (isOfCluster
            ? cluster.KubectlAsync(
                ["apply", "-f", "-"],
                $$"""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: {{own}}}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{own}}}
                subjects:
                {{string.Join('\n', holders.Select(u => $"- {{kind: User, apiGroup: rbac.authorization.k8s.io, name: {u}}}"))}}
                """)
            : there.KubectlAsync("create", "rolebinding", $"{user}-{role}", $"--role={role}", $"--user={ns.Name}-{user}"));
    }

    /// <summary>The binary under test, as one of them.</summary>
    public async Task DoneAsync(string user, params string[] command) => await ns.DoneAsync([.. command, "--as", $"{ns.Name}-{user}"]);

    /// <returns>Whether a request was one of theirs.</returns>
    public bool IsOne(string user) => user.StartsWith($"{ns.Name}-", StringComparison.Ordinal);

    /// <summary>For each Role that somebody has: what it gives and nothing of theirs needed.</summary>
    public async Task<IReadOnlyList<string>> UnusedAsync(IReadOnlyList<AuditedCall> calls)
    {
        var unused = new List<string>();
        foreach (var ((role, where), holders) in users)
        {
            var theirs = calls.Where(c => holders.Contains(c.User) && (where.Length == 0 || c.Namespace == where));
            var granted = GrantedRights.Of(await (where.Length == 0 ? ns.GetAsync("clusterrole", clusterRoles[role]) : ns.GetAsync("role", role)));
            Assert.NotEmpty(granted);
            unused.AddRange(RoleReview.Unused(granted, theirs).Select(r => $"{role} gives what nothing uses: {r}"));
        }

        return unused;
    }

    public async Task DropAsync() =>
        await cluster.KubectlAsync(["delete", "clusterrole,clusterrolebinding", .. clusterRoles.Values, "--ignore-not-found"]);
}
