namespace KubectlMlopsBackup.EndToEndTests.Cluster.Rights;

/// <summary>Rules against requests, both ways.</summary>
internal static class RoleReview
{
    /// <summary>Not asked for in every run: why a pod does not start, where one takes long; that a drill still runs, every half minute.</summary>
    private static readonly ApiRight[] Sometimes = [new("", "events", "list"), new("", "namespaces", "patch")];

    /// <summary>What a request needed: more than its own verb, where the server asks for more.</summary>
    public static IEnumerable<ApiRight> Needed(AuditedCall call)
    {
        yield return call.Right;
        // A server-side apply that makes the object.
        if (call is { Right.Verb: "patch", Status: 201 })
        {
            yield return call.Right with { Verb = "create" };
        }

        // Who gives a role has its rights, or this one.
        if (call is { Right: { Resource: "rolebindings", Verb: "create" }, IsDenied: false })
        {
            yield return call.Right with { Resource = "clusterroles", Verb = "bind" };
        }

        // From Kubernetes 1.35 on a WebSocket's GET needs both.
        if (call is { Right: { Resource: "pods/exec", Verb: "get" }, IsDenied: false })
        {
            yield return call.Right with { Verb = "create" };
        }
    }

    /// <summary>Parts of a Role's rules that none of the requests needed.</summary>
    public static IReadOnlyList<ApiRight> Unused(IReadOnlyList<ApiRight> rules, IEnumerable<AuditedCall> calls)
    {
        var needed = calls.SelectMany(Needed).Distinct().ToList();
        return [.. rules.Except(Sometimes).Where(r => !needed.Exists(n => GrantedRights.Covers(r, n)))];
    }
}
