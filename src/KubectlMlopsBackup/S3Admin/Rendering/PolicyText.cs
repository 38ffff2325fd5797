using System.Text.Json.Nodes;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.S3Admin.Policies;
using Scriban.Runtime;

namespace KubectlMlopsBackup.S3Admin.Rendering;

/// <summary>Roles and their policies, as JSON or in the words of other tools.</summary>
internal static class PolicyText
{
    /// <summary>A single policy is printed as IAM takes it; several, or with who may act as them, by the role's name.</summary>
    public static string Json(IReadOnlyList<GrantedRole> roles)
    {
        if (roles is [{ Trust: null } only])
        {
            return Quoted.Json(only.Policy) + "\n";
        }

        var all = new JsonObject();
        foreach (var role in roles)
        {
            all[role.Role] = role.Trust is null
                ? role.Policy.DeepClone()
                : new JsonObject
                {
                    ["roleName"] = role.Name,
                    ["serviceAccounts"] = new JsonArray([.. role.Accounts.Select(a => (JsonNode)$"{a.Namespace}/{a.Name}")]),
                    ["trustPolicy"] = role.Trust.DeepClone(),
                    ["policy"] = role.Policy.DeepClone(),
                };
        }

        return Quoted.Json(all) + "\n";
    }

    public static string AwsCli(IReadOnlyList<GrantedRole> roles, bool podIdentity) => TemplateRenderer.Render(
        "s3/policy-aws-cli.sbn", Model(roles, podIdentity, Quoted.Shell, json => Quoted.Shell(Quoted.Json(json))));

    public static string Terraform(IReadOnlyList<GrantedRole> roles, bool podIdentity) => TemplateRenderer.Render(
        "s3/policy-terraform.sbn", Model(roles, podIdentity, Quoted.Hcl, json => Quoted.Hcl(json, 2)));

    private static ScriptObject Model(IReadOnlyList<GrantedRole> roles, bool podIdentity, Func<string, string> quote, Func<JsonNode, string> json)
    {
        var list = new ScriptArray();
        foreach (var role in roles)
        {
            var accounts = new ScriptArray();
            accounts.AddRange(role.ServiceAccounts.Select(a => new ScriptObject { ["name"] = quote(a), ["word"] = a.Replace('-', '_'), ["namespace"] = quote(role.Namespace) }));
            accounts.AddRange(role.Guests.Select(g => new ScriptObject
            {
                ["name"] = quote(g.Name),
                ["word"] = $"{g.Name}_{g.Namespace}".Replace('-', '_'),
                ["namespace"] = quote(g.Namespace),
            }));
            list.Add(new ScriptObject
            {
                ["role"] = role.Role,
                ["name"] = quote(role.Name),
                ["accounts"] = accounts,
                ["policy"] = json(role.Policy),
                ["trust"] = json(role.Trust ?? throw new ArgumentException($"nobody acts as {role.Name}", nameof(roles))),
            });
        }

        return new ScriptObject { ["roles"] = list, ["podIdentity"] = podIdentity };
    }
}
