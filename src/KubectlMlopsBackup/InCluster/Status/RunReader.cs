using System.Text.Json;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>Says in a line what became of a Job.</summary>
internal static class RunReader
{
    /// <param name="pods">Of this Job, oldest first.</param>
    public static RunStatus Of(JobView job, IReadOnlyList<PodView> pods) => job.End is null ? Running(job, pods) : Ended(job, pods);

    /// <summary>The agent's result; null where a pod has none, or none that can be read.</summary>
    public static JsonElement? Result(PodView pod) =>
        JobEnds.Message(pod.Container(AgentLog.Container)?.State?.Terminated?.Message, out _);

    private static RunStatus Ended(JobView job, IReadOnlyList<PodView> pods)
    {
        var end = JobEnds.Of(job, pods, null, []);
        var verdict = end.Code switch
        {
            ExitCode.Done => "complete",
            ExitCode.Incomplete => "incomplete",
            ExitCode.CheckFailed => "damaged",
            _ => "failed",
        };
        if (end.Code == ExitCode.Done)
        {
            return new RunStatus(job.Metadata.Name, verdict, 0, job.Status?.StartTime, job.Ended, null, null);
        }

        var failure = end.Failures.Count > 0 ? end.Failures[0] : null;
        var cause = (end.Result is { } result ? AgentReport.Cause(result) : null) ?? failure?.Message ?? $"exit code {(int)end.Code}";
        return new RunStatus(job.Metadata.Name, verdict, (int)end.Code, job.Status?.StartTime, job.Ended, Line(cause), failure?.Fix);
    }

    private static RunStatus Running(JobView job, IReadOnlyList<PodView> pods)
    {
        var pod = pods.LastOrDefault(p => !p.IsEnded);
        var cause = pod is null ? Again(pods) : Waiting(pod);
        var works = pod?.Container(AgentLog.Container)?.State?.Running is not null;
        return new RunStatus(
            job.Metadata.Name, works ? "running" : "waiting", null, job.Status?.StartTime ?? job.Metadata.CreationTimestamp, null, works ? null : Line(cause), null);
    }

    /// <summary>What keeps a pod from starting; null where it is on its way.</summary>
    private static string? Waiting(PodView pod)
    {
        if (pod.Status?.Conditions?.Find(c => c is { Type: "PodScheduled", Status: "False" }) is { } condition)
        {
            return $"no node takes its pod: {condition.Message}";
        }

        return pod.Status?.ContainerStatuses?.Select(c => c.State?.Waiting).FirstOrDefault(w => w?.Reason is not (null or "ContainerCreating" or "PodInitializing")) is { } waiting
            ? $"{waiting.Reason}: {waiting.Message}"
            : null;
    }

    private static string? Again(IReadOnlyList<PodView> pods)
    {
        if (pods.LastOrDefault(p => p.Status?.Phase == "Failed") is not { } failed)
        {
            return null;
        }

        var result = JobEnds.Message(failed.Container(AgentLog.Container)?.State?.Terminated?.Message, out var failure);
        return $"will be tried again after: {failure?.Message ?? (result is { } r ? AgentReport.Cause(r) : null) ?? failed.Status?.Message ?? failed.Status?.Reason ?? "a failure"}";
    }

    private static string? Line(string? text) => text?.ReplaceLineEndings(" ").Trim();
}
