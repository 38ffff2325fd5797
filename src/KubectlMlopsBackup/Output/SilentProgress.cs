namespace KubectlMlopsBackup.Output;

/// <summary><c>-q</c>: no progress. Warnings still come through: what was left out is never a secret.</summary>
internal sealed class SilentProgress(TextWriter error) : IProgressSink
{
    public TimeSpan? Interval => null;

    public void Show(ProgressSnapshot progress)
    {
    }

    public void Finish(ProgressSnapshot progress)
    {
    }

    public void Note(string line)
    {
        error.Write(line + "\n");
        error.Flush();
    }
}
