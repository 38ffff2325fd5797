using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether the Jobs' accounts may do more than they need: a stolen pod could.</summary>
internal sealed class AccountsCheck(ClusterLook look) : Check
{
    /// <summary>What no Job of the plan does.</summary>
    private static readonly AccessRight[] Dangerous =
    [
        new("create", ApiResource.Pods, null, ""),
        new("create", ApiResource.Pods, "exec", ""),
        new("delete", ApiResource.Claims, null, ""),
        new("delete", ApiResource.Secrets, null, ""),
    ];

    public override string Id => "accounts";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        List<string> accounts = [AgentJobs.BackupAccount, AgentJobs.RestoreAccount, AgentJobs.PruneAccount];
        if (look.Spec.Config is not null)
        {
            accounts.Add(AgentJobs.ConfigAccount);
        }

        if (look.Spec.Recovery.Drill.Schedule is not null)
        {
            // Here it may read its plan, and nothing else.
            accounts.Add(AgentJobs.DrillAccount);
        }

        var asked = accounts.SelectMany(a => Dangerous.Select(r => (Account: a, Right: r))).ToList();
        var may = await Task.WhenAll(asked.Select(q => AccessReview.MayAsync(look.Api, look.Namespace, q.Account, q.Right, cancellationToken)));
        foreach (var account in asked.Zip(may).Where(q => q.Second).Select(q => q.First).GroupBy(q => q.Account))
        {
            found.Warning(
                Faults.AccountRights,
                $"ServiceAccount {account.Key} may {string.Join(", ", account.Select(q => $"{q.Right.Verb} {q.Right.Name}"))}, which no Job of the plan does",
                $"find the binding and take the account out of it: kubectl get rolebindings,clusterrolebindings -A -o wide | grep {account.Key}");
        }

        found.OkUnlessFault("the Jobs' accounts have no rights that could harm");
    }
}
