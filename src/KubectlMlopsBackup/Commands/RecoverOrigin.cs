using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Target;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Recovery.Sources;

namespace KubectlMlopsBackup.Commands;

/// <summary>Where a recovery has its backups and its plan from: a bucket, a file, or what is installed.</summary>
/// <param name="Source">Reads the backups.</param>
/// <param name="Plan">Null where it comes out of the backup of the configuration.</param>
/// <param name="IsTheUsers">The plan is a file of this machine: its commands may be run here.</param>
/// <param name="Reachable">Names of the repositories that <paramref name="Source"/> reads, best first.</param>
/// <param name="Bucket">The one that was named, in place of the plan's repositories; null where the plan says it.</param>
/// <param name="SaveAsync">Stores the report.</param>
internal sealed record RecoverOrigin(
    IRecoverySource Source,
    InstalledPlan? Plan,
    bool IsTheUsers,
    IReadOnlyList<string> Reachable,
    RepositoryS3Spec? Bucket,
    Func<RecoveryReport, Task<SavedReport>> SaveAsync)
{
    /// <summary>Read by this machine, with the credentials that the AWS SDK finds.</summary>
    /// <param name="local">Only reads.</param>
    /// <param name="plan">A file's; null for the one that was backed up.</param>
    public static async Task<RecoverOrigin> OfBucketAsync(LocalPlan local, InstalledPlan? plan, CancellationToken cancellationToken) => new(
        await DirectSource.OpenAsync(local, cancellationToken), plan, plan is not null, [BucketPlan.Name], local.Spec.Repositories[0].S3!, r => SaveHereAsync(local, r));

    /// <summary>The buckets of a file's plan.</summary>
    /// <param name="local">The same plan, as far as this machine reaches its repositories.</param>
    public static async Task<RecoverOrigin> OfFileAsync(LocalPlan local, InstalledPlan plan, CancellationToken cancellationToken) => new(
        await DirectSource.OpenAsync(local, cancellationToken), plan, true, [.. local.Spec.Repositories.Select(r => r.Name)], null, r => SaveHereAsync(local, r));

    /// <summary>The repositories of a plan in the cluster, read by a pod of its namespace: volumes, too.</summary>
    /// <param name="api">Of the plan's namespace; not disposed while the result is used.</param>
    /// <param name="isInstalled">False: the plan is a file's, and its pods need an account and a plan first.</param>
    /// <param name="keepNothing">What is made for these goes with them: no recovery follows.</param>
    public static async Task<RecoverOrigin> OfClusterAsync(
        VerbContext context, ClusterApi api, InstalledPlan plan, bool isInstalled, bool keepNothing, TimeSpan patience, CancellationToken cancellationToken)
    {
        var reader = plan;
        TargetNamespace? guest = null;
        if (!isInstalled)
        {
            reader = TargetPlan.Back(plan);
            guest = new TargetNamespace(api, reader, w => Console.Error.WriteLine($"warning: {PlainText.Clean(w)}"));
            await guest.PrepareAsync(cancellationToken);
        }

        HeldSource source;
        using (var progress = context.Progress())
        {
            progress.Counters.Begin("starting a pod that reads the repositories");
            source = await HeldSource.OpenAsync(
                api, reader, new RecoveryConsole(progress), patience, context.Clock, cancellationToken,
                guest is not null && keepNothing ? job => guest.GiveToAsync(job, cancellationToken) : null);
        }

        return new RecoverOrigin(
            source, plan, !isInstalled, [.. plan.Spec.Repositories.Select(r => r.Name)], null,
            async report =>
            {
                // As it is now: the recovery may have brought it back.
                var there = await InstalledPlan.FindAsync(api, CancellationToken.None)
                    ?? throw new UserError($"no plan is installed in namespace {api.Namespace}", null);
                return await new ReportCourier(api, there, new JobConsole(context, api, there.Namespace).HoldAsync, patience).SaveAsync(report, CancellationToken.None);
            });
    }

    /// <summary>The plan with the one repository that the recovery's Jobs read.</summary>
    /// <param name="plan">With all.</param>
    /// <param name="point">Its repository is named as the source names it.</param>
    /// <returns>The plan, and the recovery point as that plan names its repository.</returns>
    public (InstalledPlan Plan, ListedRecoveryPoint Point) ReadBy(InstalledPlan plan, ListedRecoveryPoint point)
    {
        var read = Bucket is { } bucket ? BucketPlan.ReadFrom(plan, bucket) : BucketPlan.Only(plan, point.Repository);
        return (read, point with { Repository = read.Spec.Repositories[0].Name });
    }

    private static async Task<SavedReport> SaveHereAsync(LocalPlan local, RecoveryReport report)
    {
        using var archive = await ReportArchive.OpenAsync(local, null, CancellationToken.None);
        return await archive.SaveAsync(report, CancellationToken.None);
    }
}
