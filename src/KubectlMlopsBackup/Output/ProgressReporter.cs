namespace KubectlMlopsBackup.Output;

/// <summary>
/// Shows <see cref="Counters"/> on a timer until it is disposed. It writes to standard error: standard output is for results.
/// A stream that can no longer be written to ends the display, never the work.
/// </summary>
internal sealed class ProgressReporter : IDisposable
{
    private readonly IProgressSink _sink;
    private readonly ProgressMeter _meter;
    private readonly ITimer? _timer;
    private readonly Lock _gate = new();
    private bool _finished;

    public ProgressReporter(ProgressCounters counters, IProgressSink sink, TimeProvider time)
    {
        Counters = counters;
        _sink = sink;
        _meter = new ProgressMeter(counters, time);
        if (sink.Interval is { } interval)
        {
            _timer = time.CreateTimer(static state => ((ProgressReporter)state!).Tick(), this, interval, interval);
        }
    }

    public ProgressCounters Counters { get; }

    /// <param name="terminal">Of standard error.</param>
    public static ProgressReporter Create(OutputFormat format, bool quiet, TextWriter error, Terminal terminal, TimeProvider time)
    {
        IProgressSink sink = quiet ? new SilentProgress(error)
            : format == OutputFormat.Events ? new JsonProgress(Console.Out, time)
            : format == OutputFormat.Json ? new JsonProgress(error, time)
            : terminal.IsTerminal ? new TerminalProgress(error, Terminal.Width)
            : new PlainProgress(error);
        return new ProgressReporter(new ProgressCounters(), sink, time);
    }

    /// <summary>Prints a line that stays, without spoiling the one that is rewritten. Warnings come through <c>-q</c> too.</summary>
    public void Note(string line)
    {
        lock (_gate)
        {
            Try(() => _sink.Note(PlainText.Clean(line)));
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            if (!_finished)
            {
                _finished = true;
                Try(() => _sink.Finish(_meter.Take(final: true)));
            }
        }
    }

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // A closed pipe or a full disk behind standard error must not fail a backup.
        }
    }

    private void Tick()
    {
        // A terminal slower than the timer: this tick is dropped, not queued.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (!_finished)
            {
                Try(() => _sink.Show(_meter.Take(final: false)));
            }
        }
        finally
        {
            _gate.Exit();
        }
    }
}
