using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using KubectlMlopsBackup.S3Admin.Policies;
using KubectlMlopsBackup.S3Admin.Rendering;

namespace KubectlMlopsBackup.S3Admin.Roles;

/// <summary>
/// Makes roles in IAM, or brings them to what the plan needs. Each is tagged as this program's and the plan's: one that is not is left as it is.
/// </summary>
/// <param name="plan">Its name.</param>
internal sealed class RoleMaker(IamClient iam, string plan, bool dryRun)
{
    public const string OwnerTag = "managed-by";
    public const string Owner = "kubectl-mlopsbackup";
    public const string PlanTag = "mlopsbackup-plan";

    /// <summary>Of the policy in the role.</summary>
    public const string PolicyName = "mlopsbackup";

    /// <param name="role">With who may act as it.</param>
    /// <exception cref="UserError">It is somebody else's, or IAM has refused.</exception>
    public async Task<RoleReport> EnsureAsync(GrantedRole role, CancellationToken cancellationToken)
    {
        try
        {
            return await iam.CallAsync("GetRole", cancellationToken, ("RoleName", role.Name)) is { } there
                ? await UpdateAsync(role, there, cancellationToken)
                : await CreateAsync(role, cancellationToken);
        }
        catch (IamException e)
        {
            throw Explain(e, role.Name);
        }
    }

    private async Task<RoleReport> CreateAsync(GrantedRole role, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            return new RoleReport(role.Role, role.Name, null, RoleState.Differs, ["role", "policy"]);
        }

        var made = await iam.CallAsync(
            "CreateRole", cancellationToken,
            ("RoleName", role.Name), ("AssumeRolePolicyDocument", Text(role.Trust!)), ("Description", $"mlopsbackup: {role.Role} of plan {plan}"),
            ("Tags.member.1.Key", OwnerTag), ("Tags.member.1.Value", Owner), ("Tags.member.2.Key", PlanTag), ("Tags.member.2.Value", plan));
        await PutAsync(role, cancellationToken);
        return new RoleReport(role.Role, role.Name, Find(made, "Arn"), RoleState.Created, ["role", "policy"]);
    }

    private async Task<RoleReport> UpdateAsync(GrantedRole role, XDocument there, CancellationToken cancellationToken)
    {
        await RefuseOthersAsync(role, cancellationToken);
        var changes = new List<string>();
        if (!IsSame(Find(there, "AssumeRolePolicyDocument"), role.Trust!))
        {
            changes.Add("trust policy");
            if (!dryRun)
            {
                await iam.CallAsync("UpdateAssumeRolePolicy", cancellationToken, ("RoleName", role.Name), ("PolicyDocument", Text(role.Trust!)));
            }
        }

        var policy = await iam.CallAsync("GetRolePolicy", cancellationToken, ("RoleName", role.Name), ("PolicyName", PolicyName));
        if (policy is null || !IsSame(Find(policy, "PolicyDocument"), role.Policy))
        {
            changes.Add("policy");
            if (!dryRun)
            {
                await PutAsync(role, cancellationToken);
            }
        }

        var state = changes.Count == 0 ? RoleState.Ok : dryRun ? RoleState.Differs : RoleState.Changed;
        return new RoleReport(role.Role, role.Name, Find(there, "Arn"), state, changes);
    }

    private Task<XDocument?> PutAsync(GrantedRole role, CancellationToken cancellationToken) => iam.CallAsync(
        "PutRolePolicy", cancellationToken, ("RoleName", role.Name), ("PolicyName", PolicyName), ("PolicyDocument", Text(role.Policy)));

    /// <summary>A role of that name may be the one that a whole company depends on.</summary>
    private async Task RefuseOthersAsync(GrantedRole role, CancellationToken cancellationToken)
    {
        var tags = Tags(await iam.CallAsync("ListRoleTags", cancellationToken, ("RoleName", role.Name)));
        if (tags.GetValueOrDefault(OwnerTag) != Owner)
        {
            throw new UserError(
                $"there is a role {role.Name} that this program has not made, and it is left as it is",
                $"look at it; to hand it over: aws iam tag-role --role-name {role.Name} --tags Key={OwnerTag},Value={Owner} Key={PlanTag},Value={plan}");
        }

        if (tags.GetValueOrDefault(PlanTag) is var other && other != plan)
        {
            throw new UserError(
                $"role {role.Name} belongs to the plan {other ?? "(none)"}, and is left as it is", $"give this plan a name of its own: metadata.name is {plan}");
        }
    }

    /// <summary>In pairs, as they come: Ceph puts the key and the value of one tag into elements of their own.</summary>
    private static Dictionary<string, string> Tags(XDocument? answer)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        string? key = null;
        foreach (var element in answer?.Descendants() ?? [])
        {
            if (element.Name.LocalName == "Key")
            {
                key = element.Value;
            }
            else if (element.Name.LocalName == "Value" && key is not null)
            {
                tags[key] = element.Value;
                key = null;
            }
        }

        return tags;
    }

    private static string? Find(XDocument? answer, string name) => answer?.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    private static string Text(JsonNode document) => Quoted.Json(document);

    /// <param name="stored">JSON, which AWS encodes as in a URL, and Ceph does not.</param>
    private static bool IsSame(string? stored, JsonNode wanted)
    {
        var text = stored?.Trim() ?? "";
        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(text.StartsWith('{') ? text : Uri.UnescapeDataString(text.Replace("+", "%20", StringComparison.Ordinal))), wanted);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private UserError Explain(IamException e, string role) => e switch
    {
        { IsDenied: true } => new UserError(
            $"role {role}: {e.Message}",
            $"allow iam:{e.Action} on it to your identity (needed are GetRole, CreateRole, TagRole, ListRoleTags, UpdateAssumeRolePolicy, GetRolePolicy and PutRolePolicy); or let somebody run what s3 policy --print aws-cli prints",
            inner: e),
        { IsUnknown: true } => new UserError(
            $"{iam.Endpoint.GetLeftPart(UriPartial.Authority)} has no IAM that makes roles: {e.Message}",
            "use access keys in a Secret (credentials.secret), with the rights that s3 policy prints", inner: e),
        _ => new UserError($"role {role}: {e.Message}", "see what IAM says; what was made already stays, and is found when you run it again", inner: e),
    };
}
