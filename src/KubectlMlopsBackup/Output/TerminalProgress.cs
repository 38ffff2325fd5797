namespace KubectlMlopsBackup.Output;

/// <summary>One line, rewritten in place, gone at the end.</summary>
/// <param name="width">Of the terminal, in characters.</param>
internal sealed class TerminalProgress(TextWriter error, Func<int> width) : IProgressSink
{
    private const string Erase = "\r\u001b[K";

    private string? _shown;

    public TimeSpan? Interval => TimeSpan.FromMilliseconds(100);

    public void Show(ProgressSnapshot progress)
    {
        // The last column stays empty: many terminals wrap when it is written to.
        var line = ProgressText.Bar(progress, Math.Max(width() - 1, 1));
        if (line != _shown)
        {
            Write(Erase + line);
            _shown = line;
        }
    }

    public void Finish(ProgressSnapshot progress)
    {
        if (_shown is not null)
        {
            Write(Erase);
            _shown = null;
        }
    }

    public void Note(string line)
    {
        Write((_shown is null ? "" : Erase) + line + "\n" + _shown);
    }

    private void Write(string text)
    {
        error.Write(text);
        error.Flush();
    }
}
