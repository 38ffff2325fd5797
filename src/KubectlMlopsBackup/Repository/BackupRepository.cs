using System.Security.Cryptography;
using KubectlMlopsBackup.Repository.Chunking;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository;

/// <summary>An open repository: its store, its configuration, its secrets.</summary>
internal sealed class BackupRepository : IDisposable
{
    private BackupRepository(IObjectStore store, RepositoryConfig config, RepositorySecrets secrets, TimeProvider clock)
    {
        Store = store;
        Config = config;
        Secrets = secrets;
        Clock = clock;
    }

    public IObjectStore Store { get; }

    public RepositoryConfig Config { get; }

    public RepositorySecrets Secrets { get; }

    public TimeProvider Clock { get; }

    public string Location => Store.Location;

    /// <summary>A chunker for files, with this repository's seed.</summary>
    public Chunker DataChunker() => new(Config.Chunker, Secrets.Seed);

    public Chunker TreeChunker() => new(Config.Chunker.ForTrees(), Secrets.Seed);

    /// <summary>Whether a repository begins here.</summary>
    public static async Task<bool> ExistsAsync(IObjectStore store, CancellationToken cancellationToken) =>
        await store.SizeAsync(RepositoryConfig.Key, cancellationToken) is not null;

    /// <param name="store">Where to put it.</param>
    /// <param name="key">Null: not encrypted.</param>
    /// <param name="sharing">A repository whose chunk borders it is to share, or null.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="chunker">Other sizes than the default; those of <paramref name="sharing"/> win.</param>
    /// <exception cref="UserError">There is one already, or something else is there.</exception>
    public static async Task<BackupRepository> CreateAsync(
        IObjectStore store,
        RepositoryKey? key,
        BackupRepository? sharing,
        TimeProvider clock,
        CancellationToken cancellationToken,
        ChunkerParameters? chunker = null)
    {
        await RefuseUnlessEmptyAsync(store, cancellationToken);
        var secrets = RepositorySecrets.Create(key is not null, sharing?.Secrets.Seed);
        var config = new RepositoryConfig
        {
            Format = RepositoryConfig.CurrentFormat,
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Created = clock.GetUtcNow(),
            Encryption = secrets.Encrypted ? RepositoryConfig.Aes256Gcm : RepositoryConfig.NotEncrypted,
            Chunker = sharing?.Config.Chunker ?? chunker ?? ChunkerParameters.Default,
            Seed = secrets.Encrypted ? null : Convert.ToHexStringLower(secrets.Seed),
        };
        if (key is not null)
        {
            // The key first: repository.json is what makes it a repository, and one without a key is of no use.
            await RepositoryKeys.WriteAsync(store, secrets, config.Id, key, "first", clock, cancellationToken);
        }

        await store.PutAsync(RepositoryConfig.Key, config.Encode(), cancellationToken);
        return new BackupRepository(store, config, secrets, clock);
    }

    /// <exception cref="UserError">No repository (exit 10), wrong key (exit 12), newer format.</exception>
    /// <exception cref="RepositoryDamagedException">Its first object is damaged.</exception>
    public static async Task<BackupRepository> OpenAsync(
        IObjectStore store, RepositoryKey? key, TimeProvider clock, CancellationToken cancellationToken)
    {
        var config = await ReadConfigAsync(store, cancellationToken);
        if (!config.Encrypted)
        {
            return new BackupRepository(
                store, config, new RepositorySecrets(null, Convert.FromHexString(config.Seed!)), clock);
        }

        if (key is null)
        {
            throw new UserError(
                $"{store.Location} is encrypted, and the plan has neither passphrase nor key",
                $"set spec.encryption: passphraseFile, passphraseEnv or kms (with recover --from: --passphrase-file or --kms-key-id). {await RepositoryKeys.OpenersAsync(store, cancellationToken)}",
                ExitCode.WrongKey);
        }

        var secrets = await RepositoryKeys.UnlockAsync(store, config.Id, key, cancellationToken);
        return new BackupRepository(store, config, secrets, clock);
    }

    public static async Task<RepositoryConfig> ReadConfigAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            return RepositoryConfig.Decode(
                await store.GetAsync(RepositoryConfig.Key, 64 << 10, cancellationToken), store.Location);
        }
        catch (ObjectNotFoundException e)
        {
            throw new UserError(
                $"there is no repository at {store.Location}",
                "check spec.repositories in the plan (is the volume mounted?), or create it with: kubectl mlopsbackup init --repositories",
                ExitCode.NoRepository,
                e);
        }
        catch (InvalidDataException e)
        {
            throw new RepositoryDamagedException(RepositoryConfig.Key, "is too large", e);
        }
    }

    /// <summary>The same repository seen through another store and clock, without deriving a key again.</summary>
    public BackupRepository Through(IObjectStore store, TimeProvider clock) => new(store, Config, Secrets, clock);

    public void Dispose() => Store.Dispose();

    private static async Task RefuseUnlessEmptyAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        await foreach (var found in store.ListAsync("", cancellationToken))
        {
            // All that a creation which was cut off leaves. Where anything else lies, a repository may have lost its beginning.
            if (found.Key.StartsWith(KeyFile.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            throw found.Key == RepositoryConfig.Key || await ExistsAsync(store, cancellationToken)
                ? new UserError($"there is a repository at {store.Location} already", "use it, or choose another place")
                : new UserError(
                    $"{store.Location} is not empty (it has {found.Key})",
                    "choose an empty place; where a repository was lost here, save what is left of it first");
        }
    }
}
