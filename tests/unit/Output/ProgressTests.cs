using System.Text.Json;
using KubectlMlopsBackup.Output;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Output;

public sealed class ProgressTests : IDisposable
{
    private const long MiB = 1 << 20;
    private const string Erase = "\r\u001b[K";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly StringWriter _error = new();

    public void Dispose() => _error.Dispose();

    [Fact]
    public void A_terminal_shows_one_line_that_is_rewritten_and_erased_at_the_end()
    {
        using (var reporter = Terminal(200))
        {
            reporter.Counters.Begin("reading artifacts", 40, 100 * MiB);
            _time.Advance(TimeSpan.FromMilliseconds(100));
            reporter.Counters.AddFiles(10);
            reporter.Counters.AddBytes(25 * MiB);
            reporter.Counters.AddStored(5 * MiB);
            _time.Advance(TimeSpan.FromSeconds(1));

            var last = _error.ToString().Split(Erase)[^1];
            Assert.Equal("reading artifacts [=====>              ] 25%  25.0 MiB of 100.0 MiB  10 of 40 files  5.0 MiB stored  25.0 MiB/s  3.0s left", last);
        }

        Assert.EndsWith(Erase, _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', _error.ToString());
    }

    [Fact]
    public void A_terminal_is_written_to_ten_times_a_second_at_most_and_only_when_something_changed()
    {
        using var reporter = Terminal(200);
        for (var i = 0; i < 1_000; i++)
        {
            reporter.Counters.AddFiles(1);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(10, _error.ToString().Split(Erase).Length - 1);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.InRange(_error.ToString().Split(Erase).Length - 1, 10, 12);
    }

    [Fact]
    public void A_line_never_reaches_the_last_column()
    {
        using var reporter = Terminal(40);
        reporter.Counters.Begin("reading artifacts", 1_000_000, long.MaxValue);
        reporter.Counters.AddBytes(long.MaxValue / 3);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.All(_error.ToString().Split(Erase), line => Assert.True(line.Length < 40));
        Assert.EndsWith("…", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_totals_there_is_no_bar_and_no_remaining_time()
    {
        using var reporter = Terminal(200);
        reporter.Counters.Phase = "dumping";
        reporter.Counters.AddBytes(MiB);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("dumping 1.0 MiB  0 files  0 B/s", _error.ToString().Split(Erase)[1]);
        Assert.DoesNotContain("left", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("[=", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_note_stays_above_the_line_that_is_rewritten()
    {
        using var reporter = Terminal(200);
        reporter.Counters.Phase = "dumping";
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _error.GetStringBuilder().Clear();

        reporter.Note("cannot read a\u001bb");

        Assert.Equal($"{Erase}cannot read a\uFFFDb\ndumping 0 B  0 files  0 B/s", _error.ToString());
    }

    [Fact]
    public void A_log_gets_a_line_every_ten_seconds_and_one_at_the_end()
    {
        using (var reporter = Create(OutputFormat.Table))
        {
            reporter.Counters.Begin("reading artifacts", 0, 1_024 * MiB);
            for (var i = 0; i < 20; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                reporter.Counters.AddBytes(2 * MiB);
                reporter.Counters.AddFiles(1);
            }

            _time.Advance(TimeSpan.FromSeconds(5));
        }

        var lines = _error.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("reading artifacts: 1.8%, 18.0 MiB of 1.0 GiB, 9 files, ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("reading artifacts: 3.7%, 38.0 MiB of 1.0 GiB, 19 files, 2.0 MiB/s, ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("reading artifacts: ended after 15s, 40.0 MiB of 1.0 GiB, 20 files, ", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', _error.ToString());
    }

    [Fact]
    public void Json_is_an_object_a_line()
    {
        using (var reporter = Create(OutputFormat.Json, isTerminal: true))
        {
            reporter.Counters.Begin("dumping", 3, 10 * MiB);
            _time.Advance(TimeSpan.FromSeconds(2));
            reporter.Counters.AddBytes(4 * MiB);
            _time.Advance(TimeSpan.FromSeconds(2));
            reporter.Note("odd\nname");
        }

        var lines = _error.ToString().TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["progress", "progress", "note", "end"], lines.Select(l => l.GetProperty("type").GetString()));
        Assert.Equal(4 * MiB, lines[1].GetProperty("bytesDone").GetInt64());
        Assert.Equal(10 * MiB, lines[1].GetProperty("bytesTotal").GetInt64());
        Assert.Equal(2 * MiB, lines[1].GetProperty("bytesPerSecond").GetInt64());
        Assert.Equal(3, lines[1].GetProperty("remainingSeconds").GetDouble());
        Assert.Equal("2026-01-02T03:04:09+00:00", lines[1].GetProperty("time").GetString());
        Assert.False(lines[3].TryGetProperty("remainingSeconds", out _));
        Assert.Equal("odd\uFFFDname", lines[2].GetProperty("message").GetString());
    }

    [Fact]
    public void Quiet_shows_no_progress_but_still_what_was_left_out()
    {
        using (var reporter = Create(OutputFormat.Table, isTerminal: true, quiet: true))
        {
            reporter.Counters.AddBytes(MiB);
            _time.Advance(TimeSpan.FromMinutes(1));
            reporter.Note("left out: x");
        }

        Assert.Equal("left out: x\n", _error.ToString());
    }

    [Fact]
    public void The_rate_follows_the_last_seconds_not_the_whole()
    {
        var counters = new ProgressCounters { BytesTotal = 1_000 * MiB };
        var meter = new ProgressMeter(counters, _time);
        double Run(int seconds, long bytesPerSecond)
        {
            for (var i = 0; i < seconds; i++)
            {
                counters.AddBytes(bytesPerSecond);
                _time.Advance(TimeSpan.FromSeconds(1));
                meter.Take(final: false);
            }

            return meter.Take(final: false).BytesPerSecond;
        }

        Run(60, 10 * MiB);
        var slow = Run(30, MiB);

        Assert.Equal(MiB, slow, tolerance: 1);
        var end = meter.Take(final: true);
        Assert.Equal(630 * MiB / 90.0, end.BytesPerSecond, tolerance: 1);
        Assert.Null(end.Remaining);
    }

    [Fact]
    public void A_new_phase_starts_its_own_clock()
    {
        var counters = new ProgressCounters();
        counters.Begin("one");
        var meter = new ProgressMeter(counters, _time);
        counters.AddBytes(MiB);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(30), meter.Take(final: false).Elapsed);

        counters.Begin("two");
        meter.Take(final: false);
        _time.Advance(TimeSpan.FromSeconds(3));

        var now = meter.Take(final: false);
        Assert.Equal(("two", 0L, TimeSpan.FromSeconds(3), 0d), (now.Phase, now.BytesDone, now.Elapsed, now.BytesPerSecond));
    }

    [Fact]
    public void Counters_are_exact_under_many_threads()
    {
        var counters = new ProgressCounters();
        Parallel.For(0, 10_000, _ =>
        {
            counters.AddFiles(1);
            counters.AddBytes(3);
            counters.AddStored(2);
            counters.AddTotals(1, 3);
        });

        Assert.Equal((10_000, 30_000, 20_000, 10_000, 30_000), (counters.FilesDone, counters.BytesDone, counters.BytesStored, counters.FilesTotal, counters.BytesTotal));
    }

    [Fact]
    public void A_broken_standard_error_does_not_break_the_work()
    {
        using var reporter = new ProgressReporter(new ProgressCounters(), new PlainProgress(new BrokenWriter()), _time);

        _time.Advance(TimeSpan.FromSeconds(10));
        reporter.Note("x");
    }

    [Fact]
    public void Nothing_is_written_after_the_end()
    {
        var reporter = Terminal(80);
        reporter.Counters.Phase = "dumping";
        _time.Advance(TimeSpan.FromSeconds(1));
        reporter.Dispose();
        var length = _error.GetStringBuilder().Length;

        reporter.Counters.AddBytes(MiB);
        _time.Advance(TimeSpan.FromSeconds(10));
        reporter.Dispose();

        Assert.Equal(length, _error.GetStringBuilder().Length);
    }

    private ProgressReporter Terminal(int width) => new(new ProgressCounters(), new TerminalProgress(_error, () => width), _time);

    private ProgressReporter Create(OutputFormat format, bool isTerminal = false, bool quiet = false) =>
        ProgressReporter.Create(format, quiet, _error, new Terminal(isTerminal, isTerminal), _time);

    private sealed class BrokenWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("broken pipe");
    }
}
