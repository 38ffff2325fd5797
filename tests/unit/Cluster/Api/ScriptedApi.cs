using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace KubectlMlopsBackup.UnitTests.Cluster.Api;

/// <summary>An API server that answers what it is told, in order: for faults that no real one makes on request.</summary>
internal sealed class ScriptedApi : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly string folder = Directory.CreateTempSubdirectory("mlopsbackup-api-").FullName;

    public ScriptedApi()
    {
        using var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        Kubeconfig = Path.Combine(folder, "config");
        File.WriteAllText(Kubeconfig,
            $$"""
            current-context: c
            clusters: [{name: k, cluster: {server: "http://127.0.0.1:{{port}}" } }]
            contexts: [{name: c, context: {cluster: k, user: u, namespace: mlops } }]
            users: [{name: u, user: {token: secret-token } }]
            """);
        _ = ServeAsync();
    }

    public string Kubeconfig { get; }

    /// <summary>What was asked for: path and query.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The answers to come; the last is given again and again. Lists and watches have answers of their own.</summary>
    public ConcurrentQueue<(int Code, string Body)> Lists { get; } = new();

    public ConcurrentQueue<(int Code, string Body)> Watches { get; } = new();

    public void Dispose()
    {
        listener.Close();
        Directory.Delete(folder, recursive: true);
    }

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
            Asked.Enqueue(path);
            var answers = path.Contains("watch=1", StringComparison.Ordinal) ? Watches : Lists;
            var answer = answers.Count > 1 && answers.TryDequeue(out var next) ? next : answers.TryPeek(out var last) ? last : (404, "{}");
            context.Response.StatusCode = answer.Item1;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Item2));
            context.Response.Close();
        }
    }
}
