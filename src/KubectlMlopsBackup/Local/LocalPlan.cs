using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Kms;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.Artifacts.S3;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Local;

/// <summary>A plan, and how this process reaches what it names.</summary>
internal sealed class LocalPlan
{
    private readonly StoreFactory stores;
    private readonly SecretResolver secrets;
    private readonly Action<string> warn;

    private LocalPlan(BackupPlan plan, TimeProvider clock, Action<string> warn, SecretResolver secrets)
    {
        Plan = plan;
        Clock = clock;
        this.warn = warn;
        this.secrets = secrets;
        stores = new StoreFactory(secrets, clock);
    }

    public BackupPlan Plan { get; }

    public TimeProvider Clock { get; }

    public string Name => Plan.Metadata.Name;

    public PlanSpec Spec => Plan.Spec;

    public WriterOptions WriterOptions => WriterOptions.Default with
    {
        Compression = Spec.CompressionLevel() switch
        {
            PlanCompression.None => CompressionLevel.None,
            PlanCompression.Default => CompressionLevel.Default,
            PlanCompression.Better => CompressionLevel.Better,
            _ => CompressionLevel.Fast,
        },
    };

    /// <param name="path">The plan's file.</param>
    /// <param name="warn">Told of what is unsafe, such as a passphrase file that everyone can read.</param>
    /// <exception cref="UserError">No plan, or not a valid one.</exception>
    public static async Task<LocalPlan> LoadAsync(
        string path, TimeProvider clock, Action<string> warn, CancellationToken cancellationToken) =>
        Of(await PlanLoader.LoadAsync(path, cancellationToken), clock, warn, new SecretResolver());

    /// <summary>As above, for a plan that is loaded.</summary>
    public static LocalPlan Of(BackupPlan plan, TimeProvider clock, Action<string> warn, SecretResolver secrets) => new(plan, clock, warn, secrets);

    /// <exception cref="UserError">The plan has no repository of that name.</exception>
    public RepositorySpec RepositorySpec(string name) =>
        Spec.Repositories.Find(r => r.Name == name)
        ?? throw new UserError(
            $"the plan has no repository {name}",
            $"it has: {string.Join(", ", Spec.Repositories.Select(r => r.Name))}",
            ExitCode.Usage);

    /// <param name="only">The name of one, or null for all.</param>
    /// <exception cref="UserError">The plan has no repository of that name.</exception>
    public IReadOnlyList<RepositorySpec> Chosen(string? only) => only is null ? Spec.Repositories : [RepositorySpec(only)];

    public IObjectStore Store(RepositorySpec repository) => stores.Create(repository);

    /// <summary>As the Jobs, and this process, reach a repository in S3.</summary>
    /// <exception cref="UserError">A credential that the plan names is not there.</exception>
    public S3StoreSettings StoreSettings(RepositorySpec repository) =>
        stores.RepositorySettings(repository.S3!, $"spec.repositories[{repository.Name}].s3");

    /// <summary>As above, for artifacts in S3.</summary>
    /// <exception cref="UserError">A credential that the plan names is not there.</exception>
    public S3StoreSettings ArtifactStoreSettings() => stores.ArtifactSettings(Spec.Artifacts!.S3!);

    /// <summary>A repository's bucket as its owner reaches it: with the plan's keys, or those of the AWS SDK's usual places where the plan's lie in the cluster.</summary>
    /// <exception cref="UserError">A credential that the plan names is not there.</exception>
    public S3StoreSettings BucketSettings(RepositorySpec repository) =>
        stores.OwnerSettings(repository.S3!, $"spec.repositories[{repository.Name}].s3");

    /// <summary>Where a repository's bucket is, without credentials: for what is only printed.</summary>
    public static S3StoreSettings BucketPlace(RepositorySpec repository) => StoreFactory.RepositoryPlace(repository.S3!);

    /// <summary>What opens the repositories; null for <c>none: true</c>.</summary>
    /// <param name="isLook">Not to wait for long: who asks what is wrong has no minutes.</param>
    /// <exception cref="UserError">A secret that the plan names cannot be read.</exception>
    public RepositoryKey? Key(bool isLook = false) => Spec.Encryption switch
    {
        { Kms: { } kms } => new KmsKey(isLook ? stores.KmsSettings(kms).ForALook() : stores.KmsSettings(kms)),
        { } encryption when Reveal(secrets.Passphrase(encryption)) is { } passphrase => new PassphraseKey(passphrase),
        _ => null,
    };

    /// <summary>Another key of KMS, reached as the plan reaches its own, if it has one.</summary>
    /// <param name="keyId">An ARN, or an id or alias in the region of the plan's or of the environment.</param>
    /// <exception cref="UserError">A secret that the plan names cannot be read.</exception>
    public RepositoryKey KmsKey(string keyId) =>
        new KmsKey(Spec.Encryption?.Kms is { } own ? stores.KmsSettings(own) with { KeyId = keyId } : new KmsSettings { KeyId = keyId });

    /// <exception cref="UserError">No repository there, wrong key, or the store cannot be reached.</exception>
    public Task<BackupRepository> OpenAsync(RepositorySpec repository, CancellationToken cancellationToken) => OpenAsync(repository, Key(), cancellationToken);

    /// <summary>As above, with another key than the plan's.</summary>
    /// <exception cref="UserError">No repository there, wrong key, or the store cannot be reached.</exception>
    public async Task<BackupRepository> OpenAsync(RepositorySpec repository, RepositoryKey? key, CancellationToken cancellationToken)
    {
        var store = Store(repository);
        try
        {
            return await BackupRepository.OpenAsync(store, key, Clock, cancellationToken);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <exception cref="UserError">The plan has no database, or its password cannot be read.</exception>
    public PostgresSettings Postgres()
    {
        var postgres = Spec.Postgres ?? throw Missing("postgres");
        if (postgres.SslRootCertSecret is not null)
        {
            throw SecretResolver.ClusterOnly("spec.postgres.sslRootCertSecret", "a Secret", "sslRootCert");
        }

        return new PostgresSettings
        {
            Host = postgres.Host,
            Port = postgres.Port,
            Database = postgres.Database,
            User = postgres.User,
            Password = Reveal(secrets.PostgresPassword(postgres)),
            SslMode = postgres.SslMode,
            SslRootCert = postgres.SslRootCert,
            ClientToolsDirectory = postgres.ClientTools,
        };
    }

    /// <param name="retry">For S3; null for a backup's patience.</param>
    /// <exception cref="UserError">The plan has no artifacts, or they cannot be reached.</exception>
    public IArtifactSource ArtifactSource(S3RetryOptions? retry = null)
    {
        var artifacts = Spec.Artifacts ?? throw Missing("artifacts");
        if (artifacts.Volume is not null)
        {
            throw SecretResolver.ClusterOnly("spec.artifacts.volume", "a volume", "path or s3");
        }

        return ArtifactBucket(retry) ?? (IArtifactSource)new DirectorySource(artifacts.Path!, new PathFilter([], artifacts.Exclude), Clock);
    }

    /// <param name="retry">Null for a backup's patience.</param>
    /// <returns>Null where the plan has no artifacts, or has them elsewhere.</returns>
    /// <exception cref="UserError">It cannot be reached.</exception>
    public S3Source? ArtifactBucket(S3RetryOptions? retry = null) => Spec.Artifacts is { S3: { } s3 } artifacts
        ? new S3Source(stores.ArtifactSettings(s3) with { Retry = retry ?? new S3RetryOptions() }, new PathFilter([], artifacts.Exclude), Clock)
        : null;

    /// <exception cref="UserError">The plan has no such place.</exception>
    public ScratchPrefix DrillArtifacts() => Spec.Artifacts?.S3 is { } artifacts && Spec.Recovery.Drill.Artifacts is { } scratch
        ? new ScratchPrefix(stores.ArtifactSettings(scratch.In(artifacts, null)), Clock)
        : throw new UserError("the plan has no spec.recovery.drill.artifacts, or no artifacts in S3", "name the place that drills use", ExitCode.Usage);

    /// <param name="choice">What the command line says instead.</param>
    /// <param name="ns">The namespace where the plan names none.</param>
    /// <exception cref="UserError">The plan has no configuration, or a kind is none.</exception>
    public ConfigScope ConfigScope(ConfigChoice choice, string ns)
    {
        var config = Spec.Config ?? throw Missing("config");
        return new ConfigScope
        {
            Namespaces = config.Namespaces.Count > 0 ? [.. config.Namespaces.Distinct()] : [ns],
            Selector = choice.Selector ?? config.Selector,
            Kinds = new KindFilter(choice.Include.Count > 0 ? choice.Include : config.Include, [.. config.Exclude, .. choice.Exclude]),
            Secrets = (choice.Secrets ?? config.Secrets) switch
            {
                ConfigRules.NamesOnly => SecretsMode.NamesOnly,
                ConfigRules.None => SecretsMode.None,
                _ => SecretsMode.Include,
            },
        };
    }

    /// <param name="to">A folder or <c>s3://bucket/prefix</c>; null for where the plan has its artifacts.</param>
    /// <exception cref="UserError">Neither says where.</exception>
    public IArtifactTarget ArtifactTarget(string? to)
    {
        if (to is null && Spec.Artifacts?.S3 is { } source)
        {
            return new S3Target(stores.ArtifactSettings(source), Clock);
        }

        if (to is not null && S3Address.TryParse(to, out var bucket, out var prefix))
        {
            return new S3Target(
                stores.NearbySettings(Spec) with { Bucket = bucket, Prefix = prefix }, Clock);
        }

        var path = to ?? Spec.Artifacts?.Path ?? throw new UserError(
            "the plan has no artifacts, and so no place to restore them into", "name one with --to DIR or --to s3://BUCKET/PREFIX", ExitCode.Usage);
        return new FolderTarget(path, Clock);
    }

    private static UserError Missing(string component) =>
        new($"the plan has no component {component}", $"add spec.{component} to the plan", ExitCode.Usage);

    private string? Reveal(Secret? secret)
    {
        if (secret?.Warning is { } warning)
        {
            warn(warning);
        }

        return secret?.Reveal();
    }
}
