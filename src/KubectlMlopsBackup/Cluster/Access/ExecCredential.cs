using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Cluster.Access;

/// <summary>
/// A credential that another program prints. Source: kubernetes.io/docs/reference/access-authn-authz/authentication,
/// "client-go credential plugins".
/// </summary>
internal sealed class ExecCredential(ExecEntry entry, ClusterEntry cluster, TimeProvider clock) : IDisposable
{
    /// <summary>A plugin may open a browser and wait for a person.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>A token is not used in its last moments: the server's clock may be ahead.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim gate = new(1);
    private Issued? issued;

    public async Task<Issued> GetAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (issued is null || (issued.Expires is { } end && clock.GetUtcNow() > end - Early))
            {
                issued = await RunAsync(cancellationToken);
            }

            return issued;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Forget() => issued = null;

    public void Dispose() => gate.Dispose();

    private async Task<Issued> RunAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(entry.Command) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in entry.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in entry.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = Info();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(Longest);
        using var process = Start(start);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(time.Token);
            await process.WaitForExitAsync(time.Token);
            return process.ExitCode == 0
                ? Parse(output)
                : throw Failed($"ended with exit code {process.ExitCode}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed($"did not end within {Longest.TotalMinutes:0} minutes");
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new UserError(
                $"the kubeconfig logs in with the program {entry.Command}, which cannot be started: {e.Message}", entry.InstallHint ?? "install it", ExitCode.Usage, e);
        }
    }

    private Issued Parse(string output)
    {
        ExecCredentialView? view;
        try
        {
            view = JsonSerializer.Deserialize(output, ClusterJson.Default.ExecCredentialView);
        }
        catch (JsonException)
        {
            throw Failed("printed no ExecCredential");
        }

        if (view?.ApiVersion != entry.ApiVersion)
        {
            throw Failed($"printed a credential of {view?.ApiVersion}, not of {entry.ApiVersion}");
        }

        return view.Status is { } status && (status.Token is not null || status.ClientCertificateData is not null)
            ? new Issued(status.Token, status.ClientCertificateData, status.ClientKeyData, status.ExpirationTimestamp)
            : throw Failed("printed neither a token nor a certificate");
    }

    private string Info()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", entry.ApiVersion);
            json.WriteString("kind", "ExecCredential");
            json.WriteStartObject("spec");
            json.WriteBoolean("interactive", entry.InteractiveMode != "Never" && !Console.IsInputRedirected);
            if (entry.ProvideClusterInfo)
            {
                json.WriteStartObject("cluster");
                json.WriteString("server", cluster.Server);
                if (cluster.CertificateAuthorityData is { } authority)
                {
                    json.WriteString("certificate-authority-data", authority);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>What the program printed is not shown: it may be half a secret.</summary>
    private UserError Failed(string what) => new(
        $"the kubeconfig logs in with the program {entry.Command}, which {what}", "run it yourself, or log in again", ExitCode.Failed);

    /// <summary>A credential with an end. Not a record: its text would show the secret.</summary>
    internal sealed class Issued(string? token, string? certificate, string? key, DateTimeOffset? expires)
    {
        public string? Token => token;

        /// <summary>Null where it says none.</summary>
        public DateTimeOffset? Expires => expires;

        public X509Certificate2? Certificate() => certificate is not null && key is not null ? ClientCertificate.FromPem(certificate, key) : null;
    }
}
