namespace KubectlMlopsBackup.Output;

/// <summary>A line now and then, for logs.</summary>
internal sealed class PlainProgress(TextWriter error) : IProgressSink
{
    public TimeSpan? Interval => TimeSpan.FromSeconds(10);

    private bool shown;

    public void Show(ProgressSnapshot progress)
    {
        shown = true;
        Note(ProgressText.Line(progress));
    }

    /// <summary>Only after a line that said something was going on: what was quick needs no word of its end.</summary>
    public void Finish(ProgressSnapshot progress)
    {
        if (shown)
        {
            Note(ProgressText.Final(progress));
        }
    }

    public void Note(string line)
    {
        error.Write(line + "\n");
        error.Flush();
    }
}
