using System.Net;
using System.Net.Sockets;

namespace KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

/// <summary>A wire to the API server that can be cut: for servers that restart and laptops that go offline.</summary>
internal sealed class TcpCut : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stop = new();
    private readonly string host;
    private readonly int port;
    private readonly Task accepting;
    private CancellationTokenSource wire = new();
    private volatile bool isCut;

    /// <param name="at">Where it listens; null for loopback.</param>
    public TcpCut(Uri server, IPAddress? at = null)
    {
        listener = new TcpListener(at ?? IPAddress.Loopback, 0);
        host = server.Host;
        port = server.Port;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Every connection breaks, and new ones do too.</summary>
    public void Cut()
    {
        isCut = true;
        Interlocked.Exchange(ref wire, new CancellationTokenSource()).Cancel();
    }

    public void Mend() => isCut = false;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        Cut();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(stop.Token);
            _ = ServeAsync(client, wire.Token);
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cut)
    {
        using (client)
        {
            if (isCut)
            {
                return;
            }

            using var server = new TcpClient();
            try
            {
                await server.ConnectAsync(host, port, cut);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), cut),
                    server.GetStream().CopyToAsync(client.GetStream(), cut));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
            }
        }
    }
}
