using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>Who may act as a role.</summary>
internal static class TrustPolicy
{
    private const string Audience = "sts.amazonaws.com";

    /// <summary>ServiceAccounts of a cluster, by the tokens that the cluster gives to their pods.</summary>
    /// <param name="issuer">An https URL, as the cluster's tokens name it.</param>
    /// <param name="account">Of AWS: 12 digits.</param>
    public static JsonObject OfServiceAccount(Uri issuer, string account, string partition, string ns, IReadOnlyList<string> serviceAccounts)
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
                        [$"{provider}:sub"] = PolicyDocument.List([.. serviceAccounts.Select(a => $"system:serviceaccount:{ns}:{a}")]),
                    },
                },
            }));
    }

    /// <summary>Pods of EKS clusters that an association names; of this namespace and these ServiceAccounts only.</summary>
    public static JsonObject OfPodIdentity(string ns, IReadOnlyList<string> serviceAccounts) => PolicyDocument.Of(new JsonArray(
        new JsonObject
        {
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["Service"] = "pods.eks.amazonaws.com" },
            ["Action"] = new JsonArray("sts:AssumeRole", "sts:TagSession"),
            ["Condition"] = new JsonObject
            {
                ["StringEquals"] = new JsonObject
                {
                    ["aws:RequestTag/kubernetes-namespace"] = ns,
                    ["aws:RequestTag/kubernetes-service-account"] = PolicyDocument.List(serviceAccounts),
                },
            },
        }));

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
