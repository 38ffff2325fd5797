using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>
/// Stands before an S3 server and hurts what passes. Host, path and headers go through unchanged, so signatures hold.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int Drops = 8;

    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Transfer-Encoding", "Expect", "Upgrade", "Proxy-Connection", "TE", "Trailer", "Host",
    };

    private readonly Uri _upstream;
    private readonly Func<ProxyRequest, ProxyFault?> _schedule;
    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<ProxyRequest> _requests = new();
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
    });

    private int _injected;

    private FaultProxy(Uri upstream, Func<ProxyRequest, ProxyFault?> schedule, bool isSecure)
    {
        _upstream = upstream;
        _schedule = schedule;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (isSecure)
                {
                    listen.UseHttps(SelfSigned());
                }
            });
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public Uri Endpoint => new(_app.Urls.First());

    public IReadOnlyCollection<ProxyRequest> Requests => _requests;

    /// <summary>Faults so far.</summary>
    public int Injected => _injected;

    public static async Task<FaultProxy> StartAsync(
        Uri upstream, Func<ProxyRequest, ProxyFault?> schedule, CancellationToken cancellationToken, bool isSecure = false)
    {
        var proxy = new FaultProxy(upstream, schedule, isSecure);
        await proxy._app.StartAsync(cancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
        _client.Dispose();
    }

    /// <summary>A certificate that nobody trusts.</summary>
    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=store", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(100));
    }

    private async Task HandleAsync(HttpContext context)
    {
        var fault = Next(context);
        try
        {
            await HandleAsync(context, fault);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or HttpRequestException)
        {
            context.Abort();
        }
    }

    private async Task HandleAsync(HttpContext context, ProxyFault? fault)
    {
        switch (fault?.Kind)
        {
            case ProxyFaultKind.Respond:
                await RespondAsync(context, fault);
                return;
            case ProxyFaultKind.ResetBefore:
                context.Abort();
                return;
            case ProxyFaultKind.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return;
            case ProxyFaultKind.Latency:
                await Task.Delay(fault.Delay, context.RequestAborted);
                break;
        }

        using var request = Forwarded(context);
        using var answer = await _client.SendAsync(request, context.RequestAborted);
        await AnswerAsync(context, answer, fault);
    }

    private ProxyFault? Next(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        lock (_lock)
        {
            var headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
            var request = new ProxyRequest(_requests.Count + 1, context.Request.Method, target, headers);
            _requests.Enqueue(request);
            var fault = _schedule(request);
            _injected += fault is null ? 0 : 1;
            return fault;
        }
    }

    private static async Task RespondAsync(HttpContext context, ProxyFault fault)
    {
        // Unread, the body would turn the answer into a reset.
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.StatusCode = (int)fault.Status;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync(
                $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{fault.Code}</Code><Message>{fault.Message}</Message><RequestId>proxy</RequestId></Error>",
                context.RequestAborted);
        }
    }

    private HttpRequestMessage Forwarded(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var uri = new Uri(
            _upstream.GetLeftPart(UriPartial.Authority) + target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), uri);
        if (context.Request.ContentLength is not null || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body, 256 * 1024);
        }

        foreach (var (name, values) in context.Request.Headers)
        {
            if (!HopByHop.Contains(name) && !request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        request.Headers.Host = context.Request.Host.Value;
        return request;
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer, ProxyFault? fault)
    {
        var length = answer.Content.Headers.ContentLength ?? 0;
        var hasBody = length > 0 && !HttpMethods.IsHead(context.Request.Method);
        if (fault?.Kind == ProxyFaultKind.ResetAfter || (fault?.Kind == ProxyFaultKind.Truncate && !hasBody))
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!HopByHop.Contains(name))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        if (fault?.Kind == ProxyFaultKind.Ahead)
        {
            context.Response.Headers.Date = (DateTimeOffset.UtcNow + fault.Delay).ToString("R");
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        switch (fault?.Kind)
        {
            case ProxyFaultKind.Truncate:
                await CopyAsync(body, context, Math.Min(fault.Bytes ?? length / 2, length - 1));
                await context.Response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
                break;
            case ProxyFaultKind.SlowBody:
                for (var drop = 0; drop < Drops; drop++)
                {
                    await CopyAsync(body, context, length / Drops);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    await Task.Delay(fault.Delay, context.RequestAborted);
                }

                await body.CopyToAsync(context.Response.Body, context.RequestAborted);
                break;
            default:
                await body.CopyToAsync(context.Response.Body, context.RequestAborted);
                break;
        }
    }

    private static async Task CopyAsync(Stream from, HttpContext context, long bytes)
    {
        var buffer = new byte[64 * 1024];
        while (bytes > 0)
        {
            var count = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)), context.RequestAborted);
            if (count == 0)
            {
                return;
            }

            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            bytes -= count;
        }
    }
}
