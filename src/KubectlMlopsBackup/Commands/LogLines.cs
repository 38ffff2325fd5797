using System.Text.Json;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>An agent's log for people: progress is one line a phase (and one now and then), the result one line.</summary>
/// <param name="pace">Between two lines of progress of the same phase, by the log's own clock; null for the last one only.</param>
internal sealed class LogLines(TextWriter output, TimeProvider clock, TimeSpan? pace)
{
    private ProgressEvent? held;
    private DateTimeOffset? shown;

    public void Add(string text)
    {
        var line = AgentLog.Parse(text, clock);
        if (line.Type == "note" && !text.StartsWith('{'))
        {
            // Of when it is from, nobody knows.
            Flush();
            output.Write($"{"",11}{PlainText.Clean(text)}\n");
            return;
        }

        if (line.Type is "progress" or "end")
        {
            Progress(line);
            return;
        }

        Flush();
        switch (line.Type)
        {
            case "result":
                Write(line.Time, line.Result is { } result ? Result(result) : "result: none");
                break;
            case "error":
                Write(line.Time, $"error: {line.Message}");
                if (line.Fix is { } fix)
                {
                    Write(line.Time, $"  fix: {fix}");
                }

                break;
            default:
                Write(line.Time, line.Message ?? "");
                break;
        }
    }

    /// <summary>Says what is held back: the log ends.</summary>
    public void Flush()
    {
        if (held is { } line)
        {
            held = null;
            shown = line.Time;
            Write(line.Time, line.Type == "end" ? ProgressText.Final(Snapshot(line)) : ProgressText.Line(Snapshot(line)));
        }
    }

    /// <summary>What a verb came to, in one line.</summary>
    public static string Result(JsonElement result)
    {
        var parts = new List<string>();
        var one = result.ValueKind == JsonValueKind.Object;
        if (one && result.TryGetProperty("components", out var components) && components.ValueKind == JsonValueKind.Array)
        {
            parts.AddRange(components.EnumerateArray().Select(Component));
        }
        else if (result.ValueKind == JsonValueKind.Array)
        {
            parts.AddRange(result.EnumerateArray().Where(r => r.ValueKind == JsonValueKind.Object && r.TryGetProperty("good", out _))
                .Select(r => $"{Text(r, "repository")} {(r.GetProperty("good").ValueKind == JsonValueKind.True ? "good" : "DAMAGED")}"));
        }

        var cause = AgentReport.Cause(result);
        var said = string.Join(", ", parts);
        return (said, cause) switch
        {
            ("", null) => one || result.ValueKind != JsonValueKind.Array ? "result: -o json has it" : $"result: {result.GetArrayLength()} item(s): -o json has them",
            (_, null) => $"result: {said}",
            ("", _) => $"result: {cause}",
            _ => $"result: {said}: {cause}",
        };
    }

    private void Progress(ProgressEvent line)
    {
        if (held is not null && held.Phase != line.Phase)
        {
            Flush();
        }

        held = line;
        shown ??= line.Time;
        if (line.Type == "end" || (pace is { } least && line.Time - shown >= least))
        {
            Flush();
        }
    }

    private void Write(DateTimeOffset time, string line) =>
        output.Write($"{time.UtcDateTime:HH:mm:ss}Z  {PlainText.Clean(line)}\n");

    private static string Component(JsonElement component)
    {
        var text = $"{Text(component, "component")} {Text(component, "verdict")}";
        return component.TryGetProperty("stats", out var stats) && stats.ValueKind == JsonValueKind.Object
            && stats.TryGetProperty("bytes", out var bytes) && bytes.TryGetInt64(out var size)
            && stats.TryGetProperty("bytesStored", out var stored) && stored.TryGetInt64(out var sent)
            && stats.TryGetProperty("seconds", out var seconds) && seconds.TryGetDouble(out var took)
            ? $"{text}, {Humanize.Bytes(size)} ({Humanize.Bytes(sent)} stored) in {Humanize.Duration(TimeSpan.FromSeconds(took))}"
            : text;
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static ProgressSnapshot Snapshot(ProgressEvent line) => new(
        line.Phase,
        line.FilesDone ?? 0,
        line.FilesTotal,
        line.BytesDone ?? 0,
        line.BytesTotal,
        line.BytesStored ?? 0,
        line.BytesPerSecond ?? 0,
        TimeSpan.FromSeconds(line.ElapsedSeconds ?? 0),
        line.RemainingSeconds is { } left ? TimeSpan.FromSeconds(left) : null);
}
