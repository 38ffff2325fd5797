using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>Prometheus' own Pushgateway, for one test.</summary>
internal sealed class Pushgateway : IAsyncDisposable
{
    private const string Binary = "/usr/bin/prometheus-pushgateway";

    private readonly Process process;
    private readonly HttpClient client;

    private Pushgateway(IPEndPoint at)
    {
        Address = $"http://{at}";
        client = new HttpClient { BaseAddress = new Uri(Address) };
        process = Process.Start(new ProcessStartInfo(Binary, [$"--web.listen-address={at}"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    public string Address { get; }

    /// <summary>Skips the test where it is not installed.</summary>
    /// <param name="at">Where it listens, on a free port.</param>
    public static async Task<Pushgateway> StartAsync(IPAddress at)
    {
        if (!File.Exists(Binary))
        {
            Assert.Skip("the Pushgateway is not installed: it is Debian's package prometheus-pushgateway");
        }

        var gateway = new Pushgateway(FreeAt(at));
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await gateway.client.GetStringAsync("/-/ready", TestContext.Current.CancellationToken);
                return gateway;
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Nobody listens there.</summary>
    public static IPEndPoint FreeAt(IPAddress at)
    {
        using var free = new TcpListener(at, 0);
        free.Start();
        return (IPEndPoint)free.LocalEndpoint;
    }

    /// <summary>All that it would give to Prometheus.</summary>
    public Task<string> MetricsAsync() => client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }
}
