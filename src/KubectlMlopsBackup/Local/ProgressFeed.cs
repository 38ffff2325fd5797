using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Mirroring;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Local;

/// <summary>Carries the figures of a running part to what shows them.</summary>
internal sealed class ProgressFeed(ProgressCounters shown, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Where they are shown.</summary>
    public ProgressCounters Shown { get; } = shown;

    public IProgress<PostgresProgress> Postgres(string what)
    {
        Shown.Begin(what);
        return new PostgresFeed(Shown, what);
    }

    public IDisposable Backup(BackupCounters counters, long files, long bytes, string what = "artifacts: backing up")
    {
        Shown.Begin(what, files, bytes);
        return Poll(() =>
        {
            Interlocked.Exchange(ref Shown.FilesDone, counters.Files);
            Interlocked.Exchange(ref Shown.BytesDone, counters.Bytes);
        });
    }

    public IDisposable Restore(RestoreCounters counters, long files, long bytes)
    {
        Shown.Begin("artifacts: restoring", files, bytes);
        return Poll(() =>
        {
            Interlocked.Exchange(ref Shown.FilesDone, counters.Files);
            Interlocked.Exchange(ref Shown.BytesDone, counters.Bytes);
        });
    }

    public IDisposable Mirror(string to, MirrorCounters counters)
    {
        Shown.Begin($"mirroring to {to}");
        return Poll(() =>
        {
            if (counters.Wanted > 0)
            {
                Shown.Phase = $"mirroring to {to}: {counters.Snapshots} of {counters.Wanted} snapshots";
            }

            Interlocked.Exchange(ref Shown.BytesDone, counters.Bytes);
        });
    }

    public IDisposable Bytes(string what, Func<(long Done, long Total)> read)
    {
        Shown.Begin(what);
        return Poll(() =>
        {
            var (done, total) = read();
            Interlocked.Exchange(ref Shown.BytesDone, done);
            Interlocked.Exchange(ref Shown.BytesTotal, total);
        });
    }

    private Polling Poll(Action copy) => new(clock.CreateTimer(_ => copy(), null, Interval, Interval), copy);

    private sealed class Polling(ITimer timer, Action last) : IDisposable
    {
        public void Dispose()
        {
            timer.Dispose();
            last();
        }
    }

    private sealed class PostgresFeed(ProgressCounters shown, string what) : IProgress<PostgresProgress>
    {
        private string? phase;

        public void Report(PostgresProgress value)
        {
            if (phase != value.Phase)
            {
                phase = value.Phase;
                shown.Begin($"{what}: {value.Phase}", 0, 0);
            }

            Interlocked.Exchange(ref shown.BytesDone, value.Bytes);
            // While dumping, the total is the database's size with its indexes: too much for a bar.
            Interlocked.Exchange(ref shown.BytesTotal, value.Phase == "dump" ? 0 : value.TotalBytes ?? 0);
        }
    }
}
