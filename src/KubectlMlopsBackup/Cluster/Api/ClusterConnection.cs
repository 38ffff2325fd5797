using System.Net;
using System.Net.Http.Headers;
using KubectlMlopsBackup.Cluster.Access;

namespace KubectlMlopsBackup.Cluster.Api;

/// <summary>Sends requests to one API server: credentials, time limits, and patience with a server that is away for a moment.</summary>
internal sealed class ClusterConnection : IDisposable
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Waits before the second, third, … try. An API server that is restarted is back in this time more often than not.</summary>
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    private readonly ClusterOptions options;
    private readonly TimeProvider clock;
    private readonly Credential credential;
    private readonly HttpClient client;
    private readonly SocketsHttpHandler handler;

    private ClusterConnection(ClusterAccess access, ClusterOptions options, Credential credential, SocketsHttpHandler handler, TimeProvider clock)
    {
        Access = access;
        Server = Address(access.Cluster.Server!);
        this.options = options;
        this.credential = credential;
        this.handler = handler;
        this.clock = clock;
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public ClusterAccess Access { get; }

    /// <summary>Ends in a slash.</summary>
    public Uri Server { get; }

    public static async Task<ClusterConnection> OpenAsync(ClusterOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var access = ClusterAccess.Find(options);
        var credential = new Credential(access.User, access.Cluster, clock);
        var handler = ServerTrust.Handler(access.Cluster, await credential.CertificateAsync(cancellationToken));
        return new ClusterConnection(access, options, credential, handler, clock);
    }

    /// <param name="content">Made anew for every try; null for none.</param>
    /// <param name="largest">Bytes of the answer.</param>
    /// <exception cref="ClusterException">Refused, or no answer.</exception>
    public async Task<byte[]> SendAsync(
        ApiCall call, HttpMethod method, Func<HttpContent>? content, long largest, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var time = Limit(cancellationToken);
                using var response = await AskAsync(call, method, content, time.Token, cancellationToken);
                return await BodyAsync(response, largest, time.Token);
            }
            catch (ClusterException e) when (attempt < Waits.Length && e.IsTransient && CanRepeat(method, e))
            {
                await Task.Delay(Waits[attempt], clock, cancellationToken);
            }
            catch (Exception e) when (IsNoAnswer(e, cancellationToken))
            {
                var failure = ClusterFailures.Of(call, Server, e);
                if (attempt >= Waits.Length || !CanRepeat(method, failure) || e is OperationCanceledException)
                {
                    throw failure;
                }

                await Task.Delay(Waits[attempt], clock, cancellationToken);
            }
        }
    }

    /// <summary>An answer that is read as it comes. The time limit is of its beginning only.</summary>
    /// <exception cref="ClusterException">Refused, or no answer.</exception>
    public async Task<HttpResponseMessage> StreamAsync(ApiCall call, CancellationToken cancellationToken)
    {
        using var time = Limit(cancellationToken);
        try
        {
            return await AskAsync(call, HttpMethod.Get, null, time.Token, cancellationToken);
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            throw ClusterFailures.Of(call, Server, e);
        }
    }

    public Task<LoginEnd?> LoginEndAsync(CancellationToken cancellationToken) => credential.EndAsync(cancellationToken);

    /// <summary>For a WebSocket: the same trust, proxy and certificate as every other request.</summary>
    public HttpMessageInvoker Invoker() => new(handler, disposeHandler: false);

    /// <summary>Who asks: the credential and whom to act as.</summary>
    public async Task AuthorizeAsync(HttpRequestHeaders headers, CancellationToken cancellationToken)
    {
        await credential.AuthorizeAsync(headers, cancellationToken);
        // SocketsHttpHandler puts the request's host over SslOptions.TargetHost: only this header changes which name the certificate must have.
        headers.Host = Access.Cluster.TlsServerName;
        headers.UserAgent.Add(new ProductInfoHeaderValue("kubectl-mlopsbackup", ToolVersion.Current));
        if ((options.As ?? Access.User.As) is { } user)
        {
            headers.Add("Impersonate-User", user);
            foreach (var group in options.As is null ? Access.User.AsGroups : options.AsGroups)
            {
                headers.Add("Impersonate-Group", group);
            }
        }
    }

    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="ClusterException">The connection broke.</exception>
    public static async Task<string?> LineAsync(StreamReader lines, ApiCall call, Uri server, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(cancellationToken);
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            throw ClusterFailures.Of(call, server, e);
        }
    }

    public void Dispose()
    {
        client.Dispose();
        credential.Dispose();
    }

    private async Task<HttpResponseMessage> AskAsync(
        ApiCall call, HttpMethod method, Func<HttpContent>? content, CancellationToken limited, CancellationToken cancellationToken)
    {
        for (var renewed = false; ; renewed = true)
        {
            using var request = new HttpRequestMessage(method, new Uri(Server, call.Path)) { Content = content?.Invoke() };
            request.Headers.TryAddWithoutValidation("Accept", call.Accept ?? (call.Subresource == "log" ? "*/*" : "application/json"));
            await AuthorizeAsync(request.Headers, cancellationToken);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (response.StatusCode == HttpStatusCode.Unauthorized && !renewed && credential.Renew())
                {
                    continue;
                }

                var answer = await BodyAsync(response, 1 << 20, limited);
                throw ClusterFailures.Of(call, response.StatusCode, System.Text.Encoding.UTF8.GetString(answer));
            }
        }
    }

    /// <summary>A refusal for load, or for a server that is starting, was not carried out; of an answer that never came, nobody knows.</summary>
    private static bool CanRepeat(HttpMethod method, ClusterException e) =>
        method != HttpMethod.Post
        || e.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        || (e.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError });

    private static bool IsNoAnswer(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, long largest, CancellationToken cancellationToken)
    {
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > largest)
            {
                throw new ClusterException($"the cluster's answer is longer than {largest >> 20} MiB", null, null, null);
            }
        }

        return bytes.ToArray();
    }

    private CancellationTokenSource Limit(CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var limit = options.RequestTimeout ?? DefaultTimeout;
        if (limit > TimeSpan.Zero)
        {
            source.CancelAfter(limit);
        }

        return source;
    }

    private static Uri Address(string server)
    {
        var text = server.Contains("://", StringComparison.Ordinal) ? server : $"https://{server}";
        return Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? uri!
            : throw new UserError($"the kubeconfig's server {server} is no address", "write it as https://HOST:PORT", ExitCode.Usage);
    }
}
