using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Cluster.Jobs;

/// <summary>Says what a pod waits for as soon as it is known, and gives up on one that will not start.</summary>
/// <param name="patience">For what may mend itself; a tenth of it for what will not.</param>
internal sealed class StartWatch(StartExplainer explainer, IJobObserver observer, TimeProvider clock, TimeSpan patience)
{
    private readonly long began = clock.GetTimestamp();
    private StartTrouble? said;
    private long since;

    /// <returns>The trouble that it gives up for; null where there is still hope, or no trouble.</returns>
    public async Task<StartTrouble?> LookAsync(JobView job, IReadOnlyList<PodView> pods, CancellationToken cancellationToken)
    {
        // A pod that has run says itself what is wrong.
        if (pods.Any(p => p.Container(AgentLog.Container)?.State is { Running: not null }) || clock.GetElapsedTime(began) < TimeSpan.FromSeconds(1))
        {
            said = null;
            return null;
        }

        var trouble = await explainer.ExplainAsync(job, pods, cancellationToken);
        if (trouble is null)
        {
            said = null;
            return null;
        }

        if (said?.What != trouble.What)
        {
            since = said is null || said.Definite != trouble.Definite ? clock.GetTimestamp() : since;
            said = trouble;
            Say(trouble);
        }

        return clock.GetElapsedTime(since) >= (trouble.Definite ? patience / 10 : patience) ? trouble : null;
    }

    private void Say(StartTrouble trouble)
    {
        observer.Note($"waiting: {trouble.What}");
        if (trouble.Fix is { } fix)
        {
            observer.Note($"  fix: {fix}");
        }

        foreach (var line in trouble.Events)
        {
            observer.Note($"  event: {line}");
        }
    }
}
