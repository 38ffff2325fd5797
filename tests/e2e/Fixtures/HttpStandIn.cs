using System.Collections.Concurrent;
using System.Net;
using System.Text;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>A server on this machine that answers as the test says; with 404 where it says nothing.</summary>
internal sealed class HttpStandIn : IDisposable
{
    private readonly HttpListener listener;

    /// <param name="at">Where it listens; null for loopback.</param>
    public HttpStandIn(IPAddress? at = null)
    {
        (listener, Address) = LocalListener.Start(at);
        _ = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Status and body by path and query.</summary>
    public ConcurrentDictionary<string, (int Status, string Body)> Answers { get; } = [];

    /// <summary>What was asked for, with which credentials, and what was sent.</summary>
    public ConcurrentQueue<(string Path, string? Authorization, string Body)> Requests { get; } = [];

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var path = context.Request.RawUrl!;
            using (var sent = new StreamReader(context.Request.InputStream))
            {
                Requests.Enqueue((path, context.Request.Headers["Authorization"], await sent.ReadToEndAsync()));
            }

            var (status, body) = Answers.GetValueOrDefault(path, (404, "nothing here"));
            context.Response.StatusCode = status;
            context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: false);
        }
    }
}
