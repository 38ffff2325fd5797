namespace KubectlMlopsBackup.Output;

/// <summary>Turns counters into rates and remaining time. Not thread-safe: the reporter's lock guards it.</summary>
internal sealed class ProgressMeter(ProgressCounters counters, TimeProvider time)
{
    /// <summary>Long enough to smooth a slow upload, short enough to follow a change.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    /// <summary>More samples than this in a window add nothing.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(0.5);

    private readonly Queue<(long At, long Bytes)> _samples = new();
    private long _newest = time.GetTimestamp();
    private long _phaseBegan = time.GetTimestamp();
    private string? _phase = counters.Phase;
    private long _lastBytes;

    public ProgressSnapshot Take(bool final)
    {
        var now = time.GetTimestamp();
        var phase = counters.Phase;
        var bytes = Interlocked.Read(ref counters.BytesDone);
        if (phase != _phase || bytes < _lastBytes)
        {
            _samples.Clear();
            (_phase, _phaseBegan) = (phase, now);
        }

        _lastBytes = bytes;
        Sample(now, bytes);
        var elapsed = time.GetElapsedTime(_phaseBegan, now);
        var rate = final ? Rate(bytes, elapsed) : Rate(bytes - _samples.Peek().Bytes, time.GetElapsedTime(_samples.Peek().At, now));
        var filesTotal = Interlocked.Read(ref counters.FilesTotal);
        var bytesTotal = Interlocked.Read(ref counters.BytesTotal);
        return new ProgressSnapshot(
            phase,
            Interlocked.Read(ref counters.FilesDone),
            filesTotal > 0 ? filesTotal : null,
            bytes,
            bytesTotal > 0 ? bytesTotal : null,
            Interlocked.Read(ref counters.BytesStored),
            rate,
            elapsed,
            final ? null : Remaining(bytes, bytesTotal, rate));
    }

    private static double Rate(long bytes, TimeSpan span) => span > TimeSpan.Zero ? bytes / span.TotalSeconds : 0;

    private static TimeSpan? Remaining(long bytes, long total, double rate)
    {
        // Past a hundred days it is a guess that helps nobody.
        var seconds = total > 0 && rate >= 1 ? Math.Max(total - bytes, 0) / rate : double.MaxValue;
        return seconds < 100 * 86_400 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private void Sample(long now, long bytes)
    {
        if (_samples.Count > 0 && time.GetElapsedTime(_newest, now) < Spacing)
        {
            return;
        }

        _samples.Enqueue((now, bytes));
        _newest = now;

        // The oldest that is kept lies just outside the window, so that slow ticks have a rate too.
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.ElementAt(1).At, now) >= Window)
        {
            _samples.Dequeue();
        }
    }
}
