using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>The certificate that a server shows.</summary>
internal static class EndpointCertificate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>The moment from which it is no longer valid; null where the server is not there, or shows none.</returns>
    public static async Task<DateTimeOffset?> ExpiresAsync(Uri server, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(Patience);
        DateTimeOffset? ends = null;
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(server.Host, server.Port, time.Token);
            // Only its date is read, and nothing is sent: it is refused, trusted or not.
            using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) =>
            {
                ends = shown is X509Certificate2 certificate ? new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero) : null;
                return false;
            });
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host }, time.Token);
            return ends;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return ends;
        }
    }
}
