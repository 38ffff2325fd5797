using System.Net;
using System.Net.Sockets;
using KubectlMlopsBackup.Monitoring;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Monitoring;

public sealed class ExporterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider clock = new(DateTimeOffset.FromUnixTimeSeconds(1_795_485_600));
    private readonly Feed feed = new();
    private readonly List<string> warnings = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_could_be_read_last_stays_and_says_how_old_it_is()
    {
        var exporter = new Exporter(feed, Minute, clock, warnings.Add);
        await exporter.ReadAsync(Token);
        clock.Advance(Minute);
        feed.Failure = new UserError("the cluster is away");
        await exporter.ReadAsync(Token);

        Assert.Contains("mlopsbackup_exporter_refresh_success{plan=\"mlops\"} 0\n", exporter.Scrape!.Text, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_exporter_refresh_timestamp_seconds{plan=\"mlops\"} 1795485600\n", exporter.Scrape.Text, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_rpo_seconds{plan=\"mlops\"} 86400\n", exporter.Scrape.Text, StringComparison.Ordinal);
        Assert.Equal(["the cluster is away"], warnings);
        Assert.True(exporter.IsHealthy);
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(exporter.IsHealthy);
    }

    [Fact]
    public async Task Metrics_and_health_are_served_and_nothing_else()
    {
        var exporter = new Exporter(feed, Minute, clock, warnings.Add);
        var port = FreePort();
        using var server = new MetricsServer("127.0.0.1", port, exporter);
        using var stop = new CancellationTokenSource();
        var running = server.RunAsync(stop.Token);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("healthz", Token)).StatusCode);
        await exporter.ReadAsync(Token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("healthz", Token)).StatusCode);
        using var metrics = await client.GetAsync("metrics?x=1", Token);
        Assert.Equal("application/openmetrics-text", metrics.Content.Headers.ContentType!.MediaType);
        Assert.Equal(exporter.Scrape!.Text, await metrics.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("../etc/passwd", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync("metrics", null, Token)).StatusCode);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void A_port_that_is_taken_is_an_error_of_the_users()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var error = Assert.Throws<UserError>(() => new MetricsServer("127.0.0.1", ((IPEndPoint)taken.LocalEndpoint).Port, new Exporter(feed, Minute, clock, warnings.Add)));

        Assert.Equal("name another with --port", error.Fix);
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private sealed class Feed : IStatusFeed
    {
        public Exception? Failure { get; set; }

        public string Plan => "mlops";

        public Task<IReadOnlyList<Sample>> ReadAsync(CancellationToken cancellationToken) =>
            Failure is { } failure ? Task.FromException<IReadOnlyList<Sample>>(failure) : Task.FromResult<IReadOnlyList<Sample>>([new Sample(Metrics.Rpo, 86_400)]);
    }
}
