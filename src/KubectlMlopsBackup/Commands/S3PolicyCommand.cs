using System.CommandLine;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Recovery.Drills;
using KubectlMlopsBackup.S3Admin;
using KubectlMlopsBackup.S3Admin.Policies;
using KubectlMlopsBackup.S3Admin.Rendering;

namespace KubectlMlopsBackup.Commands;

internal static class S3PolicyCommand
{
    private const string All = "all";
    private const string Owner = "setup";

    private static readonly Argument<string> Role = new("ROLE")
    {
        Description = "Whose rights: backup, restore, prune, verify, setup (who runs s3 setup and s3 check), or all of the first four.",
        DefaultValueFactory = _ => All,
    };

    private static readonly Option<bool> Irsa = new("--irsa")
    {
        Description = "With who may act as the role: the plan's ServiceAccount, by the tokens of the cluster (its OIDC issuer is asked of the API server).",
    };

    private static readonly Option<bool> PodIdentity = new("--pod-identity") { Description = "With who may act as the role: the plan's ServiceAccount, by EKS Pod Identity." };

    private static readonly Option<bool> Drills = new("--drills")
    {
        Description = "Restore, with --irsa or --pod-identity: pods of drills may act as the role, too, in the namespaces that a drill tries first. Default: where the plan has a schedule for drills.",
    };

    private static readonly Option<string> Issuer = new("--oidc-issuer") { Description = "With --irsa: the issuer, instead of asking the cluster.", HelpName = "URL" };

    private static readonly Option<string> Account = new("--account")
    {
        Description = "With --irsa: the AWS account, 12 digits. Default: that of your own credentials.",
        HelpName = "ID",
    };

    private static readonly Option<bool> WriteOnly = new("--write-only")
    {
        Description = "Backup: may add, and neither delete nor overwrite. Needs kubernetes.pruneSchedule in the plan, so that prune runs with rights of its own.",
    };

    private static readonly Option<string> Print = new("--print") { Description = "json (the default), or the roles as commands or as code: aws-cli or terraform.", HelpName = "FORM" };

    private static readonly Option<bool> Make = new("--create")
    {
        Description = "With --irsa or --pod-identity: make the roles in IAM with your own credentials, or bring them to what the plan needs. Again: only what changed. A role that this program has not made stays as it is.",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "With --create: say what would be made or changed; write nothing." };

    public static Command Create() => Verb.Create(
        "policy",
        "Print the least rights that backup, restore, prune and verify need at the store, as IAM policies; or, with --create, make the roles.",
        [Role, S3Command.Repository, Irsa, PodIdentity, Drills, Issuer, Account, WriteOnly, Print, Make, DryRun],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var plan = await context.PlanAsync(cancellationToken);
        var irsa = parsed.GetValue(Irsa);
        var podIdentity = parsed.GetValue(PodIdentity);
        if (irsa && podIdentity)
        {
            throw new UserError("--irsa and --pod-identity are two ways to the same", "use one of them", ExitCode.Usage);
        }

        CheckMake(parsed, irsa || podIdentity);
        if (parsed.GetValue(Role) == Owner)
        {
            await PrintOwnerAsync(parsed, plan);
            return ExitCode.Done;
        }

        if (parsed.GetValue(S3Command.Repository) is { } only)
        {
            _ = S3Command.Chosen(plan, only);
        }

        var roles = Roles(parsed.GetValue(Role)!, irsa || podIdentity);
        var writeOnly = parsed.GetValue(WriteOnly);
        if (writeOnly && roles.Contains(S3Role.Backup) && plan.Spec.Kubernetes?.PruneSchedule is null)
        {
            await Console.Error.WriteLineAsync(
                "warning: the plan's backups prune afterwards, which these rights refuse\n  fix: set kubernetes.pruneSchedule in the plan (prune then runs as prune-sa), and install it again");
        }

        var ns = await NamespaceAsync(parsed, context, plan, irsa || podIdentity, cancellationToken);
        var issuer = irsa ? await IssuerAsync(parsed, context, cancellationToken) : null;
        var region = plan.Spec.Repositories.Select(r => r.S3?.Region).FirstOrDefault(r => r is not null) ?? plan.Spec.Artifacts?.S3?.Region;
        var account = irsa ? parsed.GetValue(Account) is { } given ? AwsAccount.Check(given) : await AwsAccount.OwnAsync(region, cancellationToken) : null;
        var granted = roles.Select(role =>
        {
            var accounts = ServiceAccounts(role, plan.Spec);
            var policy = PolicyDocument.Of(RolePolicy.Of(role, plan.Spec, parsed.GetValue(S3Command.Repository), writeOnly));
            var guests = role == S3Role.Restore && (parsed.GetValue(Drills) || plan.Spec.Recovery.Drill.Schedule is not null) ? Guests(plan.Spec) : [];
            var trust = issuer is not null ? TrustPolicy.OfServiceAccount(issuer, account!, S3Partition.Of(region), ns!, accounts, guests)
                : podIdentity ? TrustPolicy.OfPodIdentity(ns!, accounts, guests)
                : null;
            return new GrantedRole(role.ToString().ToLowerInvariant(), GrantedRole.NameOf(plan.Name, role), accounts, ns ?? "", policy, trust) { Guests = guests };
        }).ToList();
        if (parsed.GetValue(Make))
        {
            return await S3RolesOutput.MakeAsync(
                context, plan, granted, issuer is null ? null : TrustPolicy.ProviderArn(issuer, account!, S3Partition.Of(region)), parsed.GetValue(DryRun), cancellationToken);
        }

        Console.Out.Write(Text(parsed.GetValue(Print), granted, podIdentity));
        return ExitCode.Done;
    }

    /// <exception cref="UserError">Options that do not go together.</exception>
    private static void CheckMake(ParseResult parsed, bool hasTrust)
    {
        if (!parsed.GetValue(Make))
        {
            if (parsed.GetValue(DryRun))
            {
                throw new UserError("--dry-run is for --create: nothing is made without it", "leave it out", ExitCode.Usage);
            }

            return;
        }

        if (!hasTrust)
        {
            throw new UserError("--create makes roles, and nobody may act as them yet", "add --irsa or --pod-identity", ExitCode.Usage);
        }

        if (parsed.GetValue(Print) is not null)
        {
            throw new UserError("--create and --print are two ways to the same", "use one of them", ExitCode.Usage);
        }

        if (parsed.GetValue(Role) == Owner)
        {
            throw new UserError("the rights of s3 setup are a person's, and no role is made for them", "print them with s3 policy setup, and give them to who runs it", ExitCode.Usage);
        }
    }

    private static async Task PrintOwnerAsync(ParseResult parsed, LocalPlan plan)
    {
        var statements = new List<PolicyStatement>();
        foreach (var repository in S3Command.Chosen(plan, parsed.GetValue(S3Command.Repository)))
        {
            var wish = BucketWish.Of(repository, LocalPlan.BucketPlace(repository));
            statements.AddRange(SetupPolicy.Of(wish));
        }

        await Console.Out.WriteLineAsync(Quoted.Json(PolicyDocument.Of(statements)));
    }

    /// <exception cref="UserError">There is no such role.</exception>
    private static S3Role[] Roles(string text, bool forAccounts) => text switch
    {
        // Verification runs with the backup's account, and what it needs is among the backup's rights.
        All => forAccounts ? [S3Role.Backup, S3Role.Restore, S3Role.Prune] : Enum.GetValues<S3Role>(),
        "verify" when forAccounts => throw new UserError(
            $"in the cluster, verify runs as {AgentJobs.BackupAccount}", "its rights are among those of backup: s3 policy backup", ExitCode.Usage),
        "backup" => [S3Role.Backup],
        "restore" => [S3Role.Restore],
        "prune" => [S3Role.Prune],
        "verify" => [S3Role.Verify],
        _ => throw new UserError($"there is no role {text}", "use backup, restore, prune, verify, setup or all", ExitCode.Usage),
    };

    /// <summary>
    /// The configuration is backed up by an account of its own, with the annotations, and so the role, of the other backups; a scheduled drill reads with
    /// one that has those of a restore.
    /// </summary>
    public static string[] ServiceAccounts(S3Role role, PlanSpec spec) => role switch
    {
        S3Role.Restore => spec.Recovery.Drill.Schedule is null ? [AgentJobs.RestoreAccount] : [AgentJobs.RestoreAccount, AgentJobs.DrillAccount],
        S3Role.Prune => [AgentJobs.PruneAccount],
        _ => spec.Config is null ? [AgentJobs.BackupAccount] : [AgentJobs.BackupAccount, AgentJobs.ConfigAccount],
    };

    /// <summary>What restores in the scratch namespaces of drills.</summary>
    public static IReadOnlyList<GuestAccount> Guests(PlanSpec spec) =>
        [.. ScratchNamespace.Names(spec.Recovery.Drill.Namespace).Select(n => new GuestAccount(n, AgentJobs.RestoreAccount))];

    private static async Task<string?> NamespaceAsync(
        ParseResult parsed, VerbContext context, LocalPlan plan, bool wanted, CancellationToken cancellationToken)
    {
        if (!wanted || (parsed.GetValue(ClusterFlags.Namespace) ?? plan.Plan.Metadata.Namespace) is { } ns)
        {
            return parsed.GetValue(ClusterFlags.Namespace) ?? plan.Plan.Metadata.Namespace;
        }

        using var api = await context.ClusterAsync(cancellationToken);
        return api.Namespace;
    }

    /// <exception cref="UserError">It is none that AWS could ask.</exception>
    private static async Task<Uri> IssuerAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var given = parsed.GetValue(Issuer);
        var text = given ?? await AskedAsync(context, cancellationToken);
        return Uri.TryCreate(text, UriKind.Absolute, out var issuer) && issuer is { Scheme: "https", Query: "", Fragment: "", UserInfo: "" }
            ? issuer
            : throw new UserError($"the OIDC issuer {text} is no https URL", "AWS wants one: --oidc-issuer URL names it", ExitCode.Usage);
    }

    private static async Task<string> AskedAsync(VerbContext context, CancellationToken cancellationToken)
    {
        using var api = await context.ClusterAsync(cancellationToken);
        try
        {
            var issuer = await api.IssuerAsync(cancellationToken);
            if (Uri.TryCreate(issuer, UriKind.Absolute, out var url) && (!url.Host.Contains('.', StringComparison.Ordinal) || url.Host.EndsWith(".local", StringComparison.Ordinal) || url.Host.EndsWith(".svc", StringComparison.Ordinal)))
            {
                await Console.Error.WriteLineAsync(
                    $"warning: the cluster's issuer {issuer} cannot be reached by AWS\n  fix: on such a cluster, use access keys in a Secret (credentials.secret); or publish its keys, and name their address with --oidc-issuer");
            }

            return issuer;
        }
        catch (ClusterException e)
        {
            throw new UserError(
                $"the cluster does not tell its OIDC issuer: {e.Message}",
                "name it with --oidc-issuer; on EKS: aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer",
                inner: e);
        }
    }

    private static string Text(string? form, List<GrantedRole> roles, bool podIdentity)
    {
        if (form is "aws-cli" or "terraform" && roles[0].Trust is null)
        {
            throw new UserError($"--print {form} makes roles, and nobody may act as them yet", "add --irsa or --pod-identity", ExitCode.Usage);
        }

        return form switch
        {
            null or "json" => PolicyText.Json(roles),
            "aws-cli" => PolicyText.AwsCli(roles, podIdentity),
            "terraform" => PolicyText.Terraform(roles, podIdentity),
            _ => throw new UserError($"--print {form} is unknown", "use json, aws-cli or terraform", ExitCode.Usage),
        };
    }
}
