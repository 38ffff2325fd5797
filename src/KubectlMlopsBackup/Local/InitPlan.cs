using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Local;

/// <summary>Makes a plan's values of what the user said.</summary>
internal static class InitPlan
{
    private const string S3Scheme = "s3://";

    /// <exception cref="UserError">A flag that makes no sense, or one that must be given.</exception>
    public static PlanTemplateOptions From(InitAnswers answers) => new()
    {
        Name = answers.Name,
        Postgres = Postgres(answers),
        Artifacts = Artifacts(answers),
        Repositories = answers.Repositories.Count > 0
            ? [.. answers.Repositories.Select(r => Repository(r, answers.Endpoint))]
            : throw new UserError("a plan needs a repository", "name one with --repository local=/backups", ExitCode.Usage),
        Encryption = Encryption(answers),
    };

    private static PostgresSpec? Postgres(InitAnswers answers)
    {
        if (answers.Postgres is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("postgres" or "postgresql")
            || uri.UserInfo.Length == 0
            || uri.AbsolutePath.Trim('/').Length == 0)
        {
            throw new UserError("--postgres is not an address of a database", "write it as postgres://USER@HOST:PORT/DATABASE", ExitCode.Usage);
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new UserError(
                "--postgres has a password in it, which everyone on this machine can see",
                "put it into a file and name that with --postgres-password-file",
                ExitCode.Usage);
        }

        return new PostgresSpec
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : PlanDefaults.PostgresPort,
            User = Uri.UnescapeDataString(uri.UserInfo),
            Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')),
            PasswordFile = answers.PasswordFile,
        };
    }

    private static ArtifactsSpec? Artifacts(InitAnswers answers) => answers.Artifacts switch
    {
        null => null,
        { } place when place.StartsWith(S3Scheme, StringComparison.Ordinal) => new ArtifactsSpec { S3 = S3(new S3Spec(), place, answers.Endpoint) },
        { } place => new ArtifactsSpec { Path = Path.GetFullPath(place) },
    };

    public static RepositorySpec Repository(string text, string? endpoint)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == text.Length - 1)
        {
            throw new UserError($"--repository {text} is not NAME=PLACE", "such as --repository local=/backups", ExitCode.Usage);
        }

        var place = text[(equals + 1)..];
        return place.StartsWith(S3Scheme, StringComparison.Ordinal)
            ? new RepositorySpec { Name = text[..equals], S3 = S3(new RepositoryS3Spec(), place, endpoint) }
            : new RepositorySpec { Name = text[..equals], Path = Path.GetFullPath(place) };
    }

    private static T S3<T>(T spec, string place, string? endpoint)
        where T : IS3Spec
    {
        var parts = place[S3Scheme.Length..].Split('/', 2);
        spec.Bucket = parts[0];
        spec.Prefix = parts.Length > 1 ? parts[1].Trim('/') : "";
        spec.Endpoint = endpoint;
        spec.ForcePathStyle = endpoint is null ? null : true;
        return spec;
    }

    private static EncryptionSpec Encryption(InitAnswers answers) => (answers.PassphraseFile, answers.KmsKeyId, answers.NoEncryption) switch
    {
        ({ } file, null, false) => new EncryptionSpec { PassphraseFile = Path.GetFullPath(file) },
        (null, { } key, false) => new EncryptionSpec { Kms = new KmsSpec { KeyId = key } },
        (null, null, true) => new EncryptionSpec { None = true },
        _ => throw new UserError(
            "say how the backups are to be encrypted: by exactly one of --passphrase-file, --kms-key-id and --no-encryption",
            "make a passphrase with: openssl rand -base64 33 > passphrase; chmod 600 passphrase",
            ExitCode.Usage),
    };
}
