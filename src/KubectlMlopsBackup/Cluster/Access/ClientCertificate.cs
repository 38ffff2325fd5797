using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KubectlMlopsBackup.Cluster.Access;

internal static class ClientCertificate
{
    /// <exception cref="UserError">They are no PEM, or do not belong together.</exception>
    public static X509Certificate2 FromPem(string certificate, string key)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPem(certificate, key);
            // Windows' and macOS' TLS want the key in a store, not in memory alone.
            return OperatingSystem.IsLinux()
                ? X509Certificate2.CreateFromPem(certificate, key)
                : X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (CryptographicException e)
        {
            throw new UserError($"the client certificate of the kubeconfig cannot be used: {e.Message}", "log in again", ExitCode.Usage);
        }
    }
}
