namespace KubectlMlopsBackup.Output;

/// <summary>A line now and then, for logs.</summary>
internal sealed class PlainProgress(TextWriter error) : IProgressSink
{
    public TimeSpan? Interval => TimeSpan.FromSeconds(10);

    public void Show(ProgressSnapshot progress) => Note(ProgressText.Line(progress));

    public void Finish(ProgressSnapshot progress) => Note(ProgressText.Final(progress));

    public void Note(string line)
    {
        error.Write(line + "\n");
        error.Flush();
    }
}
