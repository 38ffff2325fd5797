using System.Globalization;

namespace KubectlMlopsBackup.Configuration;

/// <summary>Something that lets backups in somewhere, and the moment from which it no longer does.</summary>
/// <param name="Credential">What it is, and whose: <c>s3-keys/offsite</c>, <c>certificate/offsite</c>.</param>
/// <param name="Time">UTC.</param>
internal sealed record CredentialExpiry(string Credential, DateTimeOffset Time)
{
    private const string CertificatePrefix = "certificate/";

    /// <summary>Time enough for who makes new ones, and who puts them in place.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    /// <summary>Those that the plan says: keys tell nobody themselves.</summary>
    public static IEnumerable<CredentialExpiry> Of(PlanSpec spec)
    {
        if (spec.Artifacts?.S3?.Credentials?.Expires is { } artifacts && Day(artifacts) is { } end)
        {
            yield return new CredentialExpiry("s3-keys/artifacts", end);
        }

        if (spec.Encryption?.Kms?.Credentials?.Expires is { } kms && Day(kms) is { } last)
        {
            yield return new CredentialExpiry("kms-keys", last);
        }

        foreach (var repository in spec.Repositories)
        {
            if (repository.S3?.Credentials?.Expires is { } text && Day(text) is { } time)
            {
                yield return new CredentialExpiry($"s3-keys/{repository.Name}", time);
            }
        }
    }

    /// <summary>As above, and the certificates that the stores of repositories show.</summary>
    /// <param name="certificates">By the repository's name; null where none was seen.</param>
    public static IEnumerable<CredentialExpiry> Of(PlanSpec spec, IEnumerable<(string Repository, DateTimeOffset? Expires)> certificates) =>
        Of(spec).Concat(certificates.Where(c => c.Expires is not null).Select(c => Certificate(c.Repository, c.Expires!.Value)));

    /// <summary>Of the certificate that the store of a repository shows.</summary>
    public static CredentialExpiry Certificate(string repository, DateTimeOffset time) => new(CertificatePrefix + repository, time);

    public bool IsCertificate => Credential.StartsWith(CertificatePrefix, StringComparison.Ordinal);

    /// <returns>Its first moment, UTC; null where it is no day.</returns>
    public static DateTimeOffset? Day(string text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) ? day : null;
}
