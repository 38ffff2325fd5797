using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.UnitTests.Repository.Storage;

public sealed class EndpointCertificateTests
{
    [Fact]
    public async Task The_end_of_a_certificate_is_read_also_where_nobody_trusts_it()
    {
        var ends = new DateTimeOffset(2027, 3, 31, 12, 0, 0, TimeSpan.Zero);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=store.example.com", key, HashAlgorithmName.SHA256).CreateSelfSigned(ends.AddYears(-1), ends);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, certificate);

        Assert.Equal(ends, await EndpointCertificate.ExpiresAsync(new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), TestContext.Current.CancellationToken));

        await serving;
    }

    [Fact]
    public async Task Where_no_server_is_nothing_is_known()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        Assert.Null(await EndpointCertificate.ExpiresAsync(new Uri($"https://127.0.0.1:{port}"), TestContext.Current.CancellationToken));
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // Who only looks may hang up before all is said.
        }
    }
}
