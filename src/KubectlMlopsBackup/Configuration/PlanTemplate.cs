using System.Globalization;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using Scriban.Runtime;

namespace KubectlMlopsBackup.Configuration;

/// <summary>Writes the commented plan of <c>init --local</c>.</summary>
internal static class PlanTemplate
{
    /// <summary>Every value is quoted as YAML needs it: no name that was found somewhere can add a field.</summary>
    /// <returns>YAML text that <see cref="PlanLoader"/> reads back to the same plan, if the options are valid.</returns>
    public static string Render(PlanTemplateOptions options)
    {
        var repositories = new ScriptArray();
        foreach (var repository in options.Repositories)
        {
            repositories.Add(Model(repository));
        }

        var model = new ScriptObject
        {
            ["name"] = Quote(options.Name),
            ["namespace"] = Quote(options.Namespace),
            ["timeZone"] = Quote(options.TimeZone),
            ["postgres"] = Model(options.Postgres),
            ["artifacts"] = Model(options.Artifacts),
            ["repositories"] = repositories,
            ["passphraseFile"] = Quote(options.Encryption.PassphraseFile),
            ["passphraseEnv"] = Quote(options.Encryption.PassphraseEnv),
            ["kmsFlow"] = options.Encryption.Kms is { } kms ? $"{{keyId: {Quote(kms.KeyId)}}}" : null,
            ["none"] = Quote(options.Encryption.None),
            ["compression"] = Quote(options.Compression),
            ["rpo"] = Quote(options.Recovery.Rpo),
            ["rto"] = Quote(options.Recovery.Rto),
        };
        return TemplateRenderer.Render("plan.yaml.sbn", model);
    }

    private static ScriptObject? Model(PostgresSpec? postgres) => postgres is null ? null : new ScriptObject
    {
        ["host"] = Quote(postgres.Host),
        ["port"] = Quote(postgres.Port),
        ["database"] = Quote(postgres.Database),
        ["user"] = Quote(postgres.User),
        ["passwordFile"] = Quote(postgres.PasswordFile),
        ["passwordEnv"] = Quote(postgres.PasswordEnv),
        ["sslMode"] = Quote(postgres.SslMode),
        ["sslRootCert"] = Quote(postgres.SslRootCert),
        ["clientTools"] = Quote(postgres.ClientTools),
        ["schedule"] = Quote(postgres.Schedule),
    };

    private static ScriptObject? Model(ArtifactsSpec? artifacts) => artifacts is null ? null : new ScriptObject
    {
        ["path"] = Quote(artifacts.Path),
        ["s3"] = artifacts.S3 is null ? null : Model(artifacts.S3),
        ["uris"] = artifacts.Uris.Count == 0 ? null : new ScriptArray(artifacts.Uris.Select(Quote)),
        ["exclude"] = artifacts.Exclude.Count == 0 ? null : new ScriptArray(artifacts.Exclude.Select(Quote)),
        ["schedule"] = Quote(artifacts.Schedule),
    };

    private static ScriptObject Model(RepositorySpec repository)
    {
        var s3 = repository.S3 is null ? null : Model(repository.S3);
        if (s3 is not null)
        {
            s3["serverSideEncryption"] = Quote(repository.S3!.ServerSideEncryption);
            s3["kmsKeyId"] = Quote(repository.S3.KmsKeyId);
            s3["storageClass"] = Quote(repository.S3.StorageClass);
        }

        var retention = repository.Retention
            ?? new RetentionSpec { KeepWithin = s3 is null ? PlanDefaults.PathKeepWithin : PlanDefaults.S3KeepWithin };
        return new ScriptObject
        {
            ["name"] = Quote(repository.Name),
            ["path"] = Quote(repository.Path),
            ["s3"] = s3,
            ["retention"] = new ScriptObject
            {
                ["keepWithin"] = Quote(retention.KeepWithin),
                ["keepLast"] = Quote(retention.KeepLast),
                ["keepDaily"] = Quote(retention.KeepDaily),
                ["keepWeekly"] = Quote(retention.KeepWeekly),
                ["keepMonthly"] = Quote(retention.KeepMonthly),
            },
        };
    }

    private static ScriptObject Model(IS3Spec s3) => new()
    {
        ["bucket"] = Quote(s3.Bucket),
        ["prefix"] = Quote(s3.Prefix.Length == 0 ? null : s3.Prefix),
        ["region"] = Quote(s3.Region),
        ["endpoint"] = Quote(s3.Endpoint),
        ["forcePathStyle"] = Quote(s3.ForcePathStyle),
        ["checksums"] = Quote(s3.Checksums),
        ["credentials"] = s3.Credentials is not { } credentials ? null : new ScriptObject
        {
            ["accessKeyIdEnv"] = Quote(credentials.AccessKeyIdEnv),
            ["secretAccessKeyEnv"] = Quote(credentials.SecretAccessKeyEnv),
            ["sessionTokenEnv"] = Quote(credentials.SessionTokenEnv),
            ["file"] = Quote(credentials.File),
            ["profile"] = Quote(credentials.Profile),
        },
    };

    private static string? Quote(string? value) => value is null ? null : YamlScalar.Quote(value);

    private static string? Quote(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Quote(bool? value) => value is null ? null : value.Value ? "true" : "false";
}
