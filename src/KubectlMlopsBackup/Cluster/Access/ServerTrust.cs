using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace KubectlMlopsBackup.Cluster.Access;

/// <summary>Makes the connection's handler: whom it trusts, what it shows, through which proxy it goes.</summary>
internal static class ServerTrust
{
    /// <param name="certificate">The client's own; null for none.</param>
    /// <exception cref="UserError">The kubeconfig's certificates or proxy cannot be used.</exception>
    public static SocketsHttpHandler Handler(ClusterEntry cluster, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            // A watch may be silent for long; a dead connection must not look like one.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            AutomaticDecompression = DecompressionMethods.GZip,
            AllowAutoRedirect = false,
        };
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        if (cluster.SkipTlsVerify)
        {
#pragma warning disable CA5359 // insecure-skip-tls-verify is the user's own word for it.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (Authorities(cluster) is { Count: > 0 } authorities)
        {
            // The name is checked as ever; only the roots are others.
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(authorities);
            policy.ExtraStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (cluster.ProxyUrl is { } proxy)
        {
            handler.Proxy = Uri.TryCreate(proxy, UriKind.Absolute, out var address)
                ? new WebProxy(address)
                : throw new UserError($"the kubeconfig's proxy-url {proxy} is no address", "write it as http://HOST:PORT", ExitCode.Usage);
        }

        return handler;
    }

    private static X509Certificate2Collection Authorities(ClusterEntry cluster)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            if (cluster.CertificateAuthorityData is { } data)
            {
                certificates.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(data)));
            }
            else if (cluster.CertificateAuthority is { } file)
            {
                certificates.ImportFromPemFile(file);
            }

            return certificates;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the kubeconfig's certificate-authority cannot be read: {e.Message}", null, ExitCode.Usage);
        }
    }
}
