using System.Net;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Cluster.Scaling;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.InCluster;

/// <summary>
/// Suspends the CronJobs of a namespace while its data is replaced: a backup that ran then would be of half a platform, and its retention would count it.
/// What was suspended says so itself, in one write with the suspending, so that whoever comes later, from wherever, can let it run again. What its owner has
/// suspended stays as it is.
/// </summary>
/// <param name="selector">Of the CronJobs and Jobs; null for all of the namespace.</param>
/// <param name="heldFor">Of the recovery or the restore, as it is written on them.</param>
internal sealed class ScheduleHold(ClusterApi api, string ns, string? selector, string heldFor, TimeProvider clock)
{
    /// <summary>Before the id of a recovery, so that a restore does not take its CronJobs for its own.</summary>
    public const string RecoveryPrefix = "recovery-";

    /// <summary>Before the namespace whose backups are restored, where that is another one. No id and no namespace has it.</summary>
    private const char From = '@';

    /// <summary>Of one object that others write at the same time.</summary>
    private const int MostAttempts = 10;

    /// <summary>They read what is replaced, or decide what is kept.</summary>
    private static readonly string[] InTheWay = [AgentJobs.PostgresBackup, AgentJobs.ArtifactsBackup, AgentJobs.ConfigBackup, AgentJobs.Prune, "prune"];

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>What a restore writes on what it holds: who goes on with it has to know of where it is.</summary>
    /// <param name="source">The namespace whose backups are restored; null where they are the namespace's own.</param>
    public static string OfRestore(string id, string? source) => source is null ? id : $"{id}{From}{source}";

    /// <returns>The namespace whose backups are restored; null where they are the namespace's own.</returns>
    public static string? SourceOf(string? heldFor) => heldFor?.Split(From, 2) is [_, { Length: > 0 } source] ? source : null;

    /// <returns>The restore that has suspended CronJobs of a plan, and has not let them run again; null for none.</returns>
    public static async Task<string?> FindRestoreAsync(ClusterApi api, InstalledPlan installed, CancellationToken cancellationToken)
    {
        try
        {
            var cronJobs = await api.ListAsync(ApiResource.CronJobs, installed.Namespace, installed.Selector, null, ClusterJson.Default.ListViewCronJobView, cancellationToken);
            return cronJobs.Items.Select(c => c.Metadata.Annotation(WorkloadScaler.StoppedFor))
                .FirstOrDefault(h => h?.StartsWith(RecoveryPrefix, StringComparison.Ordinal) == false);
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }

    /// <summary>All that are not suspended yet. One that may not be changed is named, and holds up nothing: whoever may restore is not to be stopped by it.</summary>
    /// <exception cref="ClusterException">No answer.</exception>
    public async Task<HeldSchedules> HoldAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var refused = new List<string>();
        IReadOnlyList<CronJobView> all = [];
        try
        {
            all = await ListAsync(cancellationToken);
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            refused.Add($"CronJobs may not be listed ({e.Message})");
        }

        foreach (var cronJob in all)
        {
            try
            {
                if (await HoldAsync(cronJob, cancellationToken))
                {
                    names.Add(cronJob.Metadata.Name);
                }
            }
            catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
            {
                refused.Add($"{cronJob.Metadata.Name} ({e.Message})");
            }
        }

        return new HeldSchedules(names, refused);
    }

    /// <summary>Lets those run again that stand still for this one.</summary>
    /// <returns>Their names.</returns>
    public async Task<IReadOnlyList<string>> ReleaseAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        IReadOnlyList<CronJobView> all;
        try
        {
            all = await ListAsync(cancellationToken);
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            // Who may not see them has held none.
            return names;
        }

        foreach (var cronJob in all.Where(c => c.Metadata.Annotation(WorkloadScaler.StoppedFor) == heldFor))
        {
            await ChangeAsync(cronJob, suspend: false, WorkloadScaler.Forgotten(), cancellationToken);
            names.Add(cronJob.Metadata.Name);
        }

        return names;
    }

    /// <summary>Until no backup and no prune is at work any more.</summary>
    /// <param name="say">Is told what is waited for, once each.</param>
    /// <param name="again">The command that goes on afterwards, without the program's name.</param>
    /// <exception cref="UserError">One still is when the patience ends.</exception>
    public async Task WaitQuietAsync(TimeSpan patience, Action<string> say, string again, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var said = "";
        while (await BusyAsync(cancellationToken) is { } busy)
        {
            var fix = $"wait until it has ended: kubectl -n {ns} get {busy} -w; or end it: kubectl -n {ns} delete {busy}";
            if (clock.GetElapsedTime(began) >= patience)
            {
                throw new UserError($"{busy} still runs in namespace {ns}: it reads what is to be replaced", $"{fix}; then: kubectl mlopsbackup {again}");
            }

            if (said != busy)
            {
                said = busy;
                say($"{busy} is at work, and is waited for, {Humanize.Duration(patience)} at the most. To end it: kubectl -n {ns} delete {busy}");
            }

            await Task.Delay(Look, clock, cancellationToken);
        }
    }

    /// <returns>As kubectl names it: a Job, or a pod that a Job has left; null where nothing is in the way.</returns>
    private async Task<string?> BusyAsync(CancellationToken cancellationToken)
    {
        var labels = selector ?? "app.kubernetes.io/name=mlopsbackup";
        var jobs = await api.ListAsync(ApiResource.Jobs, ns, labels, null, ClusterJson.Default.ListViewJobView, cancellationToken);
        if (jobs.Items.Where(j => IsInTheWay(j.Metadata) && j.End is null && j.Spec?.Suspend != true).MinBy(j => j.Metadata.Name, StringComparer.Ordinal) is { } job)
        {
            return $"job/{job.Metadata.Name}";
        }

        var pods = await api.ListAsync(ApiResource.Pods, ns, labels, null, ClusterJson.Default.ListViewPodView, cancellationToken);
        return pods.Items.Where(p => IsInTheWay(p.Metadata) && !p.IsEnded).MinBy(p => p.Metadata.Name, StringComparer.Ordinal) is { } pod ? $"pod/{pod.Metadata.Name}" : null;
    }

    private static bool IsInTheWay(Metadata metadata) => InTheWay.Contains(metadata.Label("app.kubernetes.io/component"));

    private async Task<IReadOnlyList<CronJobView>> ListAsync(CancellationToken cancellationToken) =>
        (await api.ListAsync(ApiResource.CronJobs, ns, selector, null, ClusterJson.Default.ListViewCronJobView, cancellationToken)).Items;

    /// <returns>Whether it stands still for this one.</returns>
    private async Task<bool> HoldAsync(CronJobView cronJob, CancellationToken cancellationToken)
    {
        if (cronJob.Spec?.Suspend != true)
        {
            var annotations = new JsonObject
            {
                // What starts all that is held in a namespace goes by it.
                [WorkloadScaler.Before] = "1",
                [WorkloadScaler.StoppedAt] = $"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}",
                [WorkloadScaler.StoppedFor] = heldFor,
            };
            await ChangeAsync(cronJob, suspend: true, annotations, cancellationToken);
            return true;
        }

        return cronJob.Metadata.Annotation(WorkloadScaler.StoppedFor) == heldFor;
    }

    private async Task ChangeAsync(CronJobView cronJob, bool suspend, JsonObject annotations, CancellationToken cancellationToken)
    {
        var now = cronJob;
        for (var attempt = 1; now is not null; attempt++)
        {
            try
            {
                await api.MergeAsync(
                    ApiResource.CronJobs,
                    ns,
                    now.Metadata.Name,
                    null,
                    new JsonObject
                    {
                        ["metadata"] = new JsonObject { ["resourceVersion"] = now.Metadata.ResourceVersion, ["annotations"] = annotations.DeepClone() },
                        ["spec"] = new JsonObject { ["suspend"] = suspend },
                    },
                    cancellationToken);
                return;
            }
            catch (ClusterException e) when (e.IsNotFound)
            {
                return;
            }
            catch (ClusterException e) when (e.IsConflict && attempt < MostAttempts)
            {
                // Its controller has written its status in between.
                now = await api.FindAsync(ApiResource.CronJobs, ns, now.Metadata.Name, ClusterJson.Default.CronJobView, cancellationToken);
            }
        }
    }
}
