using KubectlMlopsBackup.InCluster.Status;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>What <c>status</c> has to say of the backups themselves.</summary>
internal sealed class BackupsCheck(ClusterLook look) : Check
{
    public override string Id => "backups";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var status = await look.StatusAsync();
        foreach (var problem in status.Problems)
        {
            if (FaultOf(problem.Kind) is { } fault)
            {
                found.Add(
                    problem.Severity == StatusSeverity.Error ? FindingVerdict.Problem : FindingVerdict.Warning,
                    fault,
                    $"{problem.Subject}: {problem.Message}",
                    problem.Fix ?? $"see what the Jobs see of it: kubectl mlopsbackup verify structure -n {look.Namespace}");
            }
        }

        found.OkUnlessFault(string.Join(", ", status.Repositories.Select(r =>
            $"{r.Repository}: {(r.RecoveryPoint is { } point ? $"recovery point of {point.Time:yyyy-MM-dd'T'HH:mm'Z'}" : "nothing yet")}")));
    }

    /// <summary>Null for what has a check of its own.</summary>
    private static Fault? FaultOf(StatusProblemKind kind) => kind switch
    {
        StatusProblemKind.NeverSucceeded => Faults.BackupNever,
        StatusProblemKind.NoRecoveryPoint => Faults.PointMissing,
        StatusProblemKind.Stale => Faults.BackupStale,
        StatusProblemKind.Clock => Faults.ClockSkew,
        StatusProblemKind.Unreadable => Faults.RepositoryUnreadable,
        StatusProblemKind.Unverified => Faults.NeverVerified,
        StatusProblemKind.Unknown => Faults.RepositoryUnknown,
        _ => null,
    };
}
