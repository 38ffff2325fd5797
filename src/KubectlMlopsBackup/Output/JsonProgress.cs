namespace KubectlMlopsBackup.Output;

/// <summary>An object a line, for programs.</summary>
internal sealed class JsonProgress(TextWriter error, TimeProvider time) : IProgressSink
{
    public TimeSpan? Interval => TimeSpan.FromSeconds(2);

    public void Show(ProgressSnapshot progress) => Write(Event("progress", progress));

    public void Finish(ProgressSnapshot progress) => Write(Event("end", progress));

    public void Note(string line) => Write(new ProgressEvent { Type = "note", Time = time.GetUtcNow(), Message = line });

    private ProgressEvent Event(string type, ProgressSnapshot progress) => new()
    {
        Type = type,
        Time = time.GetUtcNow(),
        Phase = progress.Phase,
        FilesDone = progress.FilesDone,
        FilesTotal = progress.FilesTotal,
        BytesDone = progress.BytesDone,
        BytesTotal = progress.BytesTotal,
        BytesStored = progress.BytesStored,
        BytesPerSecond = (long)progress.BytesPerSecond,
        ElapsedSeconds = Math.Round(progress.Elapsed.TotalSeconds, 3),
        RemainingSeconds = progress.Remaining is { } remaining ? Math.Round(remaining.TotalSeconds) : null,
    };

    private void Write(ProgressEvent line)
    {
        JsonPrinter.WriteLine(error, line, ProgressJsonContext.Default.ProgressEvent);
        error.Flush();
    }
}
