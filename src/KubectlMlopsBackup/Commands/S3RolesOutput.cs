using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.S3Admin;
using KubectlMlopsBackup.S3Admin.Policies;
using KubectlMlopsBackup.S3Admin.Roles;

namespace KubectlMlopsBackup.Commands;

/// <summary>Roles that are made, as a table, and what is left to do with them.</summary>
internal static class S3RolesOutput
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <param name="provider">The ARN of what the roles' trust goes by, with --irsa; null with --pod-identity.</param>
    public static async Task<ExitCode> MakeAsync(
        VerbContext context, LocalPlan plan, IReadOnlyList<GrantedRole> roles, string? provider, bool dryRun, CancellationToken cancellationToken)
    {
        var (endpoint, region) = IamEndpoint.Of(plan.Spec);
        using var iam = new IamClient(endpoint, region, IamEndpoint.OwnCredentials(), Pause);
        var maker = new RoleMaker(iam, plan.Name, dryRun);
        var reports = new List<RoleReport>();
        UserError? failure = null;
        foreach (var role in roles)
        {
            try
            {
                reports.Add(await maker.EnsureAsync(role, cancellationToken));
            }
            catch (UserError e)
            {
                // What was made before is told all the same.
                failure = e;
                break;
            }
        }

        context.Print<IReadOnlyList<RoleReport>>(
            reports, S3AdminJson.Default.IReadOnlyListRoleReport, r => Table(r), r => r.Where(x => x.State != RoleState.Ok).Select(x => x.Name));
        if (failure is not null)
        {
            throw failure;
        }

        foreach (var line in Next(roles, reports, provider is null))
        {
            context.Say(line);
        }

        if (provider is not null && await IsUnknownAsync(iam, provider, cancellationToken))
        {
            await Console.Error.WriteLineAsync(
                $"warning: IAM does not know {provider}: until it does, no pod can act as these roles\n  fix: eksctl utils associate-iam-oidc-provider --cluster CLUSTER --approve; or aws iam create-open-id-connect-provider");
        }

        return ExitCode.Done;
    }

    private static TableWriter Table(IReadOnlyList<RoleReport> reports)
    {
        var table = new TableWriter(new TableColumn("Role"), new TableColumn("Name"), new TableColumn("Result"), new TableColumn("What"), new TableColumn("ARN"));
        foreach (var r in reports)
        {
            var word = r.State switch
            {
                RoleState.Ok => "unchanged",
                RoleState.Differs => r.Arn is null ? "would be made" : "would change",
                RoleState.Created => "made",
                _ => "changed",
            };
            table.Add(r.Role, r.Name, word, r.Changes.Count == 0 ? "-" : string.Join(", ", r.Changes), r.Arn ?? "-");
        }

        return table;
    }

    private static IEnumerable<string> Next(IReadOnlyList<GrantedRole> roles, IEnumerable<RoleReport> reports, bool podIdentity)
    {
        foreach (var (role, report) in roles.Zip(reports).Where(r => r.Second.Arn is not null))
        {
            if (!podIdentity)
            {
                yield return $"write into the plan, and install it again: spec.kubernetes.serviceAccountAnnotations.{role.Role}: {{eks.amazonaws.com/role-arn: \"{report.Arn}\"}}";
                continue;
            }

            foreach (var account in role.Accounts)
            {
                yield return $"where there is none yet: aws eks create-pod-identity-association --cluster-name CLUSTER --namespace {account.Namespace} --service-account {account.Name} --role-arn {report.Arn}";
            }
        }
    }

    private static async Task<bool> IsUnknownAsync(IamClient iam, string provider, CancellationToken cancellationToken)
    {
        try
        {
            return await iam.CallAsync("GetOpenIDConnectProvider", cancellationToken, ("OpenIDConnectProviderArn", provider)) is null;
        }
        catch (IamException)
        {
            // It may not be asked for, which is no reason to doubt.
            return false;
        }
    }
}
