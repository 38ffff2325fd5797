using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace KubectlMlopsBackup.Cluster.Access;

/// <summary>How requests show who sends them.</summary>
internal sealed class Credential : IDisposable
{
    /// <summary>The kubelet renews a pod's token well before it ends; reading it once a minute is what client-go does.</summary>
    private static readonly TimeSpan TokenFileAge = TimeSpan.FromMinutes(1);

    private readonly UserEntry user;
    private readonly ExecCredential? exec;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim gate = new(1);
    private string? fileToken;
    private DateTimeOffset fileTokenRead;

    public Credential(UserEntry user, ClusterEntry cluster, TimeProvider clock)
    {
        this.user = user;
        this.clock = clock;
        if (user.AuthProvider is { } provider)
        {
            throw new UserError(
                $"the kubeconfig logs in by the auth-provider {provider}, which kubectl has given up too",
                "use an exec credential plugin (kubelogin, gke-gcloud-auth-plugin)", ExitCode.Usage);
        }

        exec = user.Exec is { } entry ? new ExecCredential(entry, cluster, clock) : null;
    }

    /// <summary>Null where none is shown.</summary>
    public async Task<X509Certificate2?> CertificateAsync(CancellationToken cancellationToken)
    {
        if (exec is not null)
        {
            return (await exec.GetAsync(cancellationToken)).Certificate();
        }

        var certificate = Pem(user.ClientCertificateData, user.ClientCertificate, "client-certificate");
        var key = Pem(user.ClientKeyData, user.ClientKey, "client-key");
        return certificate is null || key is null ? null : ClientCertificate.FromPem(certificate, key);
    }

    public async Task AuthorizeAsync(HttpRequestHeaders headers, CancellationToken cancellationToken)
    {
        if (await TokenAsync(cancellationToken) is { } token)
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        else if (user is { Username: { } name, Password: { } password })
        {
            headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
        }
    }

    /// <returns>False where asking again will bring nothing new.</returns>
    public bool Renew()
    {
        if (exec is not null)
        {
            exec.Forget();
            return true;
        }

        fileTokenRead = default;
        return user.TokenFile is not null;
    }

    /// <returns>The first end of what the kubeconfig itself holds; null where it says none, or something renews it.</returns>
    public async Task<LoginEnd?> EndAsync(CancellationToken cancellationToken)
    {
        if (exec is not null)
        {
            return null;
        }

        using var certificate = await CertificateAsync(cancellationToken);
        var ends = new List<LoginEnd>();
        if (certificate is not null)
        {
            ends.Add(LoginEnd.OfCertificate(certificate));
        }

        if (user is { TokenFile: null, Token: { } token } && LoginEnd.OfToken(token) is { } end)
        {
            ends.Add(end);
        }

        return ends.MinBy(e => e.Time);
    }

    public void Dispose()
    {
        exec?.Dispose();
        gate.Dispose();
    }

    private async Task<string?> TokenAsync(CancellationToken cancellationToken)
    {
        if (exec is not null)
        {
            return (await exec.GetAsync(cancellationToken)).Token;
        }

        if (user.TokenFile is not { } file)
        {
            return user.Token;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (fileToken is null || clock.GetUtcNow() - fileTokenRead > TokenFileAge)
            {
                fileToken = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
                fileTokenRead = clock.GetUtcNow();
            }

            return fileToken;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the kubeconfig's tokenFile {file} cannot be read: {e.Message}", null, ExitCode.Usage, e);
        }
        finally
        {
            gate.Release();
        }
    }

    private static string? Pem(string? data, string? file, string field)
    {
        try
        {
            return data is not null ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
                : file is not null ? File.ReadAllText(file)
                : null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the kubeconfig's {field} cannot be read: {e.Message}", null, ExitCode.Usage);
        }
    }
}
