using System.Net.Http.Headers;
using System.Text;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>
/// Requests to one server of a platform. It follows no redirect, keeps no cookie and takes no proxy to a Service, so that what it sends, credentials above all,
/// comes to this server and to no other. Answers are read up to a limit.
/// </summary>
internal sealed class CheckHttp : IDisposable
{
    private readonly HttpClient client;
    private readonly AuthenticationHeaderValue? authorization;

    /// <param name="server">Scheme, host, port, and the path that all paths begin with.</param>
    /// <param name="credentials">Null to send none.</param>
    /// <param name="field">Of the check in the plan, for messages.</param>
    /// <exception cref="UserError">The credentials cannot be read.</exception>
    public CheckHttp(Uri server, bool isService, BasicAuthSpec? credentials, string field)
    {
        Server = server;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !isService,
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        })
        {
            // Each attempt has its own time.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        authorization = Authorization(credentials, field);
    }

    public Uri Server { get; }

    /// <param name="path">Below the server's, beginning with a slash; null for the server's URL as it is.</param>
    /// <param name="most">Bytes of the body; what is longer is cut off.</param>
    /// <exception cref="HttpRequestException">No answer.</exception>
    public async Task<HttpAnswer> GetAsync(string? path, int most, CancellationToken cancellationToken)
    {
        var address = path is null ? Server : new Uri(Server.GetLeftPart(UriPartial.Path).TrimEnd('/') + path);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = authorization;
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("kubectl-mlopsbackup", null));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[16 * 1024];
        var length = 0;
        int count;
        while (length < most && (count = await stream.ReadAsync(body.AsMemory(length, Math.Min(body.Length, most) - length), cancellationToken)) > 0)
        {
            length += count;
            if (length == body.Length && length < most)
            {
                Array.Resize(ref body, (int)Math.Min(body.Length * 2L, most));
            }
        }

        return new HttpAnswer((int)response.StatusCode, body.AsMemory(0, length), Where(response.Headers.Location));
    }

    /// <summary>An address without its query, which may hold what nobody else is to see.</summary>
    public string Shown(string? path) => (path is null ? Server.GetLeftPart(UriPartial.Path) : Server.GetLeftPart(UriPartial.Path).TrimEnd('/') + path.Split('?')[0]);

    public void Dispose() => client.Dispose();

    private static string? Where(Uri? location) =>
        location is null ? null : location.IsAbsoluteUri ? location.GetLeftPart(UriPartial.Path) : location.OriginalString.Split('?')[0];

    private static AuthenticationHeaderValue? Authorization(BasicAuthSpec? credentials, string field)
    {
        if (credentials is null)
        {
            return null;
        }

        if (credentials.UsernameFile is not { } user || credentials.PasswordFile is not { } password)
        {
            throw SecretResolver.ClusterOnly($"{field}.credentials.secret", "a Secret", "usernameFile and passwordFile");
        }

        var pair = $"{SecretResolver.FromFile($"{field}.credentials.usernameFile", user).Reveal()}:{SecretResolver.FromFile($"{field}.credentials.passwordFile", password).Reveal()}";
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
    }
}
