using System.Net;
using System.Text;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>Serves <c>/metrics</c> and <c>/healthz</c>, and nothing else, to whoever can reach the port.</summary>
internal sealed class MetricsServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Exporter exporter;

    /// <exception cref="UserError">The port is taken.</exception>
    public MetricsServer(string host, int port, Exporter exporter)
    {
        this.exporter = exporter;
        listener.Prefixes.Add($"http://{host}:{port}/");
        listener.TimeoutManager.IdleConnection = TimeSpan.FromSeconds(120);
        try
        {
            listener.Start();
        }
        catch (HttpListenerException e)
        {
            throw new UserError($"port {port} of {host} cannot be listened on: {e.Message}", "name another with --port", ExitCode.Usage, e);
        }
    }

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var stop = cancellationToken.Register(listener.Stop);
        while (!cancellationToken.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException && cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (HttpListenerException)
            {
                // A client that went away before it had said what it wants.
                continue;
            }

            _ = AnswerAsync(context);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => listener.Close();

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var (code, type, text) = Answer(context.Request.HttpMethod, context.Request.Url?.AbsolutePath);
            var bytes = Encoding.UTF8.GetBytes(text);
            var response = context.Response;
            response.StatusCode = code;
            response.ContentType = type;
            response.ContentLength64 = bytes.Length;
            if (context.Request.HttpMethod != "HEAD")
            {
                await response.OutputStream.WriteAsync(bytes);
            }

            response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Whoever asked is gone.
        }
    }

    private (int Code, string Type, string Text) Answer(string method, string? path)
    {
        const string Plain = "text/plain; charset=utf-8";
        if (method is not ("GET" or "HEAD"))
        {
            return (405, Plain, "GET only\n");
        }

        return path switch
        {
            "/metrics" => exporter.Scrape is { } scrape ? (200, OpenMetricsText.ContentType, scrape.Text) : (503, Plain, "nothing was read yet\n"),
            "/healthz" => exporter.IsHealthy ? (200, Plain, "ok\n") : (503, Plain, "nothing was read for long\n"),
            _ => (404, Plain, "there is /metrics and /healthz\n"),
        };
    }
}
