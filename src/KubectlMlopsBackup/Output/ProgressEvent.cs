using System.Text.Json;

namespace KubectlMlopsBackup.Output;

/// <summary>A line of JSON about what happens; what is null is left out.</summary>
internal sealed record ProgressEvent
{
    /// <summary><c>progress</c>, <c>note</c> or <c>end</c>; with <c>-o events</c> also <c>result</c> or <c>error</c>, the last line.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset Time { get; init; }

    public string? Message { get; init; }

    public string? Fix { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>What the verb came to, as <c>-o json</c> prints it.</summary>
    public JsonElement? Result { get; init; }

    public string? Phase { get; init; }

    public long? FilesDone { get; init; }

    public long? FilesTotal { get; init; }

    public long? BytesDone { get; init; }

    public long? BytesTotal { get; init; }

    public long? BytesStored { get; init; }

    public long? BytesPerSecond { get; init; }

    public double? ElapsedSeconds { get; init; }

    public double? RemainingSeconds { get; init; }
}
