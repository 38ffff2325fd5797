using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace KubectlMlopsBackup.UnitTests.Cluster;

/// <summary>Listens on loopback in the test's own process, and answers as the test says.</summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly WebApplication application;

    private FakeApiServer(WebApplication application, string? authority)
    {
        this.application = application;
        Authority = authority;
    }

    public string Address => application.Urls.First();

    /// <summary>PEM of whom a client must trust; null for plain HTTP.</summary>
    public string? Authority { get; }

    public ConcurrentQueue<Seen> Requests { get; } = [];

    /// <summary>Null answers with an empty object named x.</summary>
    public Func<HttpContext, Task>? Answer { get; set; }

    /// <param name="tls">The name in its certificate; null for plain HTTP.</param>
    public static async Task<FakeApiServer> StartAsync(string? tls = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var certificate = tls is not null ? Certificate(tls) : null;
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate, https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.ClientCertificateValidation = (_, _, _) => true;
                });
            }
        }));
        var application = builder.Build();
        var server = new FakeApiServer(application, certificate?.ExportCertificatePem());
        application.Run(server.HandleAsync);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>For itself, with its key.</summary>
    public static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        Requests.Enqueue(new Seen(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            context.Connection.ClientCertificate?.Subject,
            context.Request.Host.Value!));
        if (Answer is { } answer)
        {
            await answer(context);
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("{\"metadata\":{\"name\":\"x\"}}");
    }

    internal sealed record Seen(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string? Certificate, string Host)
    {
        public string? Header(string name) => Headers.GetValueOrDefault(name);
    }
}
