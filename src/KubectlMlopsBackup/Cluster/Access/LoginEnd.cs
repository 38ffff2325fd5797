using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace KubectlMlopsBackup.Cluster.Access;

/// <summary>The moment from which the API server takes the caller's credential no longer. Nothing renews it until then.</summary>
/// <param name="What">Such as <c>client certificate</c>.</param>
/// <param name="Began">Null where it does not say.</param>
/// <param name="Time">UTC.</param>
internal sealed record LoginEnd(string What, DateTimeOffset? Began, DateTimeOffset Time)
{
    private const string CertificateName = "client certificate";

    /// <summary>Characters. Longer ones are no tokens.</summary>
    private const int LongestToken = 64 * 1024;

    /// <summary>What lives for a year is asked for in good time; what lives for a day ends every day.</summary>
    private const int PartOfLife = 12;

    private static readonly TimeSpan MostNotice = TimeSpan.FromDays(30);

    /// <summary>How long before its end it is worth a word.</summary>
    public TimeSpan Notice => Began is { } began && Time > began
        ? TimeSpan.FromTicks(Math.Min(MostNotice.Ticks, (Time - began).Ticks / PartOfLife))
        : TimeSpan.Zero;

    public bool IsCertificate => What == CertificateName;

    /// <summary>What to do about it.</summary>
    public string Fix => IsCertificate
        ? "have a new certificate made, and put it into the kubeconfig (kubeadm: kubeadm certs renew admin.conf; k3s: restart it, and copy /etc/rancher/k3s/k3s.yaml)"
        : "log in again: nothing renews a token that lies in the kubeconfig itself, as an exec plugin would";

    public static LoginEnd OfCertificate(X509Certificate2 certificate) =>
        new(CertificateName, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());

    /// <summary>Only what it says of itself is read, and nothing of it believed: the API server has the word.</summary>
    /// <returns>Null where it is no JWT, or has no end.</returns>
    public static LoginEnd? OfToken(string token)
    {
        if (token.Length > LongestToken || token.Split('.') is not [_, var payload, _])
        {
            return null;
        }

        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return Moment(claims.RootElement, "exp") is { } end
                ? new LoginEnd("token", Moment(claims.RootElement, "iat") ?? Moment(claims.RootElement, "nbf"), end)
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Seconds since 1970, with a fraction where somebody likes it.</summary>
    private static DateTimeOffset? Moment(JsonElement claims, string name) =>
        claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}
