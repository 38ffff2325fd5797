using Amazon.Runtime.CredentialManagement;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository.Kms;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Local;

/// <summary>Makes stores, and keys of a key service, from what the plan says of them.</summary>
internal sealed class StoreFactory(SecretResolver secrets, TimeProvider clock)
{
    private const int ArtifactRequestsAtOnce = 16;

    public IObjectStore Create(RepositorySpec repository) =>
        repository.S3 is { } s3
            ? new S3Store(RepositorySettings(s3, $"spec.repositories[{repository.Name}].s3"), clock)
            : new DirectoryStore(repository.Path ?? throw SecretResolver.ClusterOnly(
                $"spec.repositories[{repository.Name}].volume", "a volume", "path or s3"));

    /// <param name="s3">Of a repository.</param>
    /// <param name="field">Where in the plan, for messages.</param>
    /// <exception cref="UserError">A credential that the plan names is not there.</exception>
    public S3StoreSettings RepositorySettings(RepositoryS3Spec s3, string field) => OfRepository(Settings(s3, field), s3);

    /// <summary>As above, for the bucket's owner: keys in a Secret of the cluster are the backup's, and the owner has others.</summary>
    public S3StoreSettings OwnerSettings(RepositoryS3Spec s3, string field) =>
        OfRepository(s3.Credentials?.Secret is null ? Settings(s3, field) : Place(s3), s3);

    /// <summary>Without credentials.</summary>
    public static S3StoreSettings RepositoryPlace(RepositoryS3Spec s3) => OfRepository(Place(s3), s3);

    private static S3StoreSettings OfRepository(S3StoreSettings settings, RepositoryS3Spec s3) => settings with
    {
        Encryption = s3.ServerSideEncryption switch
        {
            "AES256" => S3ServerSideEncryption.Aes256,
            "aws:kms" => S3ServerSideEncryption.Kms,
            _ => S3ServerSideEncryption.None,
        },
        KmsKeyId = s3.KmsKeyId,
        StorageClass = s3.StorageClass,
    };

    /// <summary>Of artifacts: many small objects, which are worth more requests at once than packs.</summary>
    public S3StoreSettings ArtifactSettings(IS3Spec s3) => Settings(s3, "spec.artifacts.s3") with { Parallelism = ArtifactRequestsAtOnce };

    /// <summary>
    /// For a bucket that the plan does not name: the endpoint and credentials of its artifacts, else of its first repository in S3, else AWS as the
    /// environment has it. Bucket and prefix are for the caller to set.
    /// </summary>
    public S3StoreSettings NearbySettings(PlanSpec spec)
    {
        if (spec.Artifacts?.S3 is { } artifacts)
        {
            return ArtifactSettings(artifacts);
        }

        var repository = spec.Repositories.Find(r => r.S3 is not null);
        return repository is { S3: { } s3 }
            ? Settings(s3, $"spec.repositories[{repository.Name}].s3") with { Parallelism = ArtifactRequestsAtOnce }
            : new S3StoreSettings { Bucket = "", Parallelism = ArtifactRequestsAtOnce };
    }

    /// <param name="s3">A location in the plan.</param>
    /// <param name="field">Where in the plan, for messages.</param>
    /// <exception cref="UserError">A credential that the plan names is not there.</exception>
    public S3StoreSettings Settings(IS3Spec s3, string field)
    {
        var settings = Place(s3);
        return Keys(s3.Credentials, field) is { } keys
            ? settings with { AccessKey = keys.AccessKey, SecretKey = keys.SecretKey, SessionToken = keys.SessionToken }
            : settings;
    }

    /// <exception cref="UserError">A credential that the plan names is not there.</exception>
    public KmsSettings KmsSettings(KmsSpec kms) => new()
    {
        KeyId = kms.KeyId,
        Region = kms.Region,
        Endpoint = kms.Endpoint is null ? null : new Uri(kms.Endpoint),
        Credentials = Keys(kms.Credentials, "spec.encryption.kms") is { } keys
            ? S3ClientFactory.Credentials(keys.AccessKey, keys.SecretKey, keys.SessionToken)
            : null,
    };

    /// <returns>Null where the plan names none: the SDK then looks in its usual places.</returns>
    private (string AccessKey, string SecretKey, string? SessionToken)? Keys(S3CredentialsSpec? credentials, string field) => credentials switch
    {
        { AccessKeyIdEnv: { } id, SecretAccessKeyEnv: { } secret } => (
            secrets.FromEnvironment($"{field}.credentials.accessKeyIdEnv", id).Reveal(),
            secrets.FromEnvironment($"{field}.credentials.secretAccessKeyEnv", secret).Reveal(),
            credentials.SessionTokenEnv is { } token ? secrets.FromEnvironment($"{field}.credentials.sessionTokenEnv", token).Reveal() : null),
        { Secret: not null } => throw SecretResolver.ClusterOnly(
            $"{field}.credentials.secret", "a Secret", "accessKeyIdEnv and secretAccessKeyEnv, or file"),
        { File: { } file } => FromFile(file, credentials.Profile ?? "default", field),
        _ => null,
    };

    /// <summary>Without credentials.</summary>
    private static S3StoreSettings Place(IS3Spec s3) => new S3StoreSettings
    {
        Bucket = s3.Bucket,
        Prefix = s3.Prefix,
        Region = s3.Region,
        Endpoint = s3.Endpoint is null ? null : new Uri(s3.Endpoint),
        ForcePathStyle = s3.ForcePathStyle ?? s3.Endpoint is not null,
        Checksums = s3.Checksums switch
        {
            "whenRequired" => S3ChecksumMode.WhenRequired,
            "whenSupported" => S3ChecksumMode.WhenSupported,
            _ => null,
        },
    };

    private static (string AccessKey, string SecretKey, string? SessionToken) FromFile(string file, string profile, string field)
    {
        if (!File.Exists(file))
        {
            throw new UserError($"{field}.credentials.file: {file} does not exist", null, ExitCode.Usage);
        }

        return new SharedCredentialsFile(file).TryGetProfile(profile, out var found) && found.Options.AccessKey is not null
            ? (found.Options.AccessKey, found.Options.SecretKey, found.Options.Token)
            : throw new UserError($"{field}.credentials: {file} has no profile {profile} with an access key", null, ExitCode.Usage);
    }
}
