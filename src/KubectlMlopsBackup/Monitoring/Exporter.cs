using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>Reads again and again in the background, and keeps what it read last for whoever scrapes.</summary>
/// <param name="warn">Is told why a reading failed.</param>
internal sealed class Exporter(IStatusFeed feed, TimeSpan every, TimeProvider clock, Action<string> warn)
{
    /// <summary>Without a reading for so many turns it is no longer healthy.</summary>
    private const int Turns = 5;

    private IReadOnlyList<Sample> samples = [];
    private DateTimeOffset? read;
    private volatile Scrape? scrape;

    /// <summary>Null before the first reading.</summary>
    public Scrape? Scrape => scrape;

    /// <summary>It reads, even if what it reads cannot be read: that is a figure, and no reason to start the pod again.</summary>
    public bool IsHealthy => scrape is { } last && clock.GetUtcNow() - last.Time < Turns * every;

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(every, clock);
        do
        {
            await ReadAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var ok = true;
        try
        {
            samples = await feed.ReadAsync(cancellationToken);
            read = clock.GetUtcNow();
        }
        catch (Exception e) when (e is ClusterException or UserError or IOException)
        {
            // What was seen last stays: times in it grow old by themselves, and the alerts go by these.
            ok = false;
            warn(e.Message);
        }

        scrape = new Scrape(
            OpenMetricsText.Write(feed.Plan, [
                new Sample(Metrics.Refreshed, StatusMetrics.Unix(read)), new Sample(Metrics.RefreshOk, ok ? 1 : 0), .. samples]),
            clock.GetUtcNow());
    }
}
