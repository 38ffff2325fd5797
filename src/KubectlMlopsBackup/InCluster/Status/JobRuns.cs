using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>Jobs, by what they do, with their pods.</summary>
internal sealed class JobRuns
{
    private const string ComponentLabel = "app.kubernetes.io/component";

    private readonly ILookup<string, JobView> jobs;
    private readonly ILookup<string, PodView> pods;

    public JobRuns(IReadOnlyList<JobView> jobs, IReadOnlyList<PodView> pods)
    {
        this.jobs = jobs.ToLookup(j => j.Metadata.Label(ComponentLabel) ?? "", StringComparer.Ordinal);
        this.pods = pods.OrderBy(p => p.Metadata.CreationTimestamp).ToLookup(p => p.Metadata.OwnerReferences?.Find(o => o.Kind == "Job")?.Uid ?? "", StringComparer.Ordinal);
    }

    /// <summary>The newest that has ended; null where none has.</summary>
    public RunStatus? Last(params ReadOnlySpan<string> components) => Read(Of(components).Where(j => j.End is not null).MaxBy(j => j.Ended));

    /// <summary>The newest at work; null where none is.</summary>
    public RunStatus? Running(params ReadOnlySpan<string> components) =>
        Read(Of(components).Where(j => j.End is null && j.Spec?.Suspend != true).MaxBy(j => j.Metadata.CreationTimestamp));

    /// <summary>When the newest that ended well began; null where none did.</summary>
    public DateTimeOffset? LastComplete(params ReadOnlySpan<string> components) =>
        Of(components).Where(j => j.IsComplete).Max(j => j.Status?.StartTime ?? j.Metadata.CreationTimestamp);

    public IReadOnlyList<PodView> Pods(JobView job) => [.. pods[job.Metadata.Uid]];

    private List<JobView> Of(ReadOnlySpan<string> components)
    {
        var found = new List<JobView>();
        foreach (var component in components)
        {
            found.AddRange(jobs[component]);
        }

        return found;
    }

    private RunStatus? Read(JobView? job) => job is null ? null : RunReader.Of(job, Pods(job));
}
