using System.Text.Json;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Cluster.Jobs;

/// <summary>Reads from a Job and its pods how it ended, and why.</summary>
internal static class JobEnds
{
    private static readonly ExitCode[] Known = Enum.GetValues<ExitCode>();

    /// <param name="job">Ended.</param>
    /// <param name="pods">Oldest first.</param>
    /// <param name="result">As the log had it; null where it was not in it, or not to be read.</param>
    /// <param name="failures">As the log had them.</param>
    public static JobEnd Of(JobView job, IReadOnlyList<PodView> pods, JsonElement? result, IReadOnlyList<JobFailure> failures)
    {
        var last = Telling(job, pods);
        var ended = last?.Container(AgentLog.Container)?.State?.Terminated;
        var kept = Message(ended?.Message, out var failure);
        result ??= kept;
        List<JobFailure> all = [.. failures];
        if (all.Count == 0 && failure is not null && job.IsFailed)
        {
            all.Add(failure);
        }

        if (job.IsComplete)
        {
            return new JobEnd(job.Metadata.Name, ExitCode.Done, result, all);
        }

        if (job.End?.Reason == "DeadlineExceeded")
        {
            all.Add(new JobFailure(
                $"job {job.Metadata.Name} did not end within its deadline and was stopped", "raise spec.kubernetes.activeDeadline in the plan and install it again"));
            return new JobEnd(job.Metadata.Name, ExitCode.Failed, result, all);
        }

        if (Killed(last, ended) is { } killed)
        {
            all.Add(killed);
        }

        var code = ended is not null && Array.IndexOf(Known, (ExitCode)ended.ExitCode) >= 0 ? (ExitCode)ended.ExitCode : ExitCode.Failed;
        if (all.Count == 0 && result is null)
        {
            all.Add(new JobFailure($"job {job.Metadata.Name} failed: {job.End?.Message ?? job.End?.Reason}", null));
        }

        // A Job that failed did not end well, whatever its last pod says.
        return new JobEnd(job.Metadata.Name, code == ExitCode.Done ? ExitCode.Failed : code, result, all);
    }

    /// <summary>Whether a result is that of the whole: of the pods of an Indexed Job, all but one say that their share is stored.</summary>
    public static bool Tells(JsonElement? result) =>
        result is not { ValueKind: JsonValueKind.Object } value
        || !value.TryGetProperty("components", out var components)
        || components.ValueKind != JsonValueKind.Array
        || components.GetArrayLength() != 1
        || components[0].ValueKind != JsonValueKind.Object
        || !components[0].TryGetProperty("verdict", out var verdict)
        || verdict.ValueKind != JsonValueKind.String
        || verdict.GetString() != "share";

    /// <summary>The pod whose end is the Job's: the last one, but of an Indexed Job the one that made the snapshot, or failed.</summary>
    private static PodView? Telling(JobView job, IReadOnlyList<PodView> pods)
    {
        var ended = pods.Where(p => p.Container(AgentLog.Container)?.State?.Terminated is not null).ToList();
        TerminatedView End(PodView pod) => pod.Container(AgentLog.Container)!.State!.Terminated!;
        return job.IsFailed
            ? ended.FindLast(p => End(p).ExitCode != 0 && !string.IsNullOrWhiteSpace(End(p).Message) && Tells(Message(End(p).Message, out _)))
                ?? ended.FindLast(p => End(p).ExitCode != 0)
                ?? ended.LastOrDefault()
            : ended.FindLast(p => Tells(Message(End(p).Message, out _))) ?? ended.LastOrDefault();
    }

    /// <summary>The agent's termination message: a result, or an error with its fix.</summary>
    public static JsonElement? Message(string? text, out JobFailure? failure)
    {
        failure = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.String)
            {
                return root.Clone();
            }

            failure = new JobFailure(error.GetString()!, root.TryGetProperty("fix", out var fix) ? fix.GetString() : null);
            return null;
        }
        catch (JsonException)
        {
            failure = new JobFailure(text.Trim(), null);
            return null;
        }
    }

    private static JobFailure? Killed(PodView? pod, TerminatedView? ended) => ended switch
    {
        { Reason: "OOMKilled" } => new JobFailure(
            $"pod {pod!.Metadata.Name} was killed: it used more memory than its limit", "raise spec.kubernetes.resources.limits.memory in the plan and install it again"),
        { ExitCode: 137 or 143 } when pod!.Status?.Reason is { } reason => new JobFailure(
            $"pod {pod.Metadata.Name} was killed ({reason}): {pod.Status.Message}", null),
        { ExitCode: > 128 } => new JobFailure($"pod {pod!.Metadata.Name} was killed by signal {ended.ExitCode - 128}", null),
        _ => null,
    };
}
