using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>Who may act as a role.</summary>
internal static class TrustPolicy
{
    private const string Audience = "sts.amazonaws.com";

    /// <summary>ServiceAccounts of a cluster, by the tokens that the cluster gives to their pods.</summary>
    /// <param name="issuer">An https URL, as the cluster's tokens name it.</param>
    /// <param name="account">Of AWS: 12 digits.</param>
    /// <param name="guests">ServiceAccounts of other namespaces; each is named whole, since a pattern would trust whoever may make a namespace.</param>
    public static JsonObject OfServiceAccount(
        Uri issuer, string account, string partition, string ns, IReadOnlyList<string> serviceAccounts, IReadOnlyList<GuestAccount> guests)
    {
        var provider = Provider(issuer);
        return PolicyDocument.Of(new JsonArray(
            new JsonObject
            {
                ["Effect"] = "Allow",
                ["Principal"] = new JsonObject { ["Federated"] = ProviderArn(issuer, account, partition) },
                ["Action"] = "sts:AssumeRoleWithWebIdentity",
                ["Condition"] = new JsonObject
                {
                    ["StringEquals"] = new JsonObject
                    {
                        [$"{provider}:aud"] = Audience,
                        [$"{provider}:sub"] = PolicyDocument.List(
                            [.. serviceAccounts.Select(a => $"system:serviceaccount:{ns}:{a}"), .. guests.Select(g => $"system:serviceaccount:{g.Namespace}:{g.Name}")]),
                    },
                },
            }));
    }

    /// <summary>Pods of EKS clusters that an association names; of these namespaces and their ServiceAccounts only.</summary>
    /// <param name="guests">ServiceAccounts of other namespaces.</param>
    public static JsonObject OfPodIdentity(string ns, IReadOnlyList<string> serviceAccounts, IReadOnlyList<GuestAccount> guests) => PolicyDocument.Of(new JsonArray(
    [
        PodIdentity([ns], serviceAccounts),
        .. guests.GroupBy(g => g.Name).Select(g => PodIdentity([.. g.Select(a => a.Namespace)], [g.Key])),
    ]));

    private static JsonObject PodIdentity(IReadOnlyList<string> namespaces, IReadOnlyList<string> serviceAccounts) => new()
    {
        ["Effect"] = "Allow",
        ["Principal"] = new JsonObject { ["Service"] = "pods.eks.amazonaws.com" },
        ["Action"] = new JsonArray("sts:AssumeRole", "sts:TagSession"),
        ["Condition"] = new JsonObject
        {
            ["StringEquals"] = new JsonObject
            {
                ["aws:RequestTag/kubernetes-namespace"] = namespaces.Count == 1 ? namespaces[0] : PolicyDocument.List(namespaces),
                ["aws:RequestTag/kubernetes-service-account"] = PolicyDocument.List(serviceAccounts),
            },
        },
    };

    /// <summary>S3 itself, which copies from one bucket to the other.</summary>
    public static JsonObject OfS3() => PolicyDocument.Of(new JsonArray(
        new JsonObject
        {
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["Service"] = "s3.amazonaws.com" },
            ["Action"] = "sts:AssumeRole",
        }));

    public static string ProviderArn(Uri issuer, string account, string partition) => $"arn:{partition}:iam::{account}:oidc-provider/{Provider(issuer)}";

    /// <summary>As IAM names it: without the scheme.</summary>
    private static string Provider(Uri issuer) => issuer.Authority + issuer.AbsolutePath.TrimEnd('/');
}
