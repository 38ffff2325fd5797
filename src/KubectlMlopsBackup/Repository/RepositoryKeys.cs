using System.Runtime.ExceptionServices;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Kms;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository;

/// <summary>The keys that open a repository, each a passphrase or of a key service: add, remove, list.</summary>
internal static class RepositoryKeys
{
    public static async Task<string> WriteAsync(
        IObjectStore store,
        RepositorySecrets secrets,
        string repositoryId,
        RepositoryKey key,
        string label,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var bytes = (await key.WrapAsync(secrets, repositoryId, label, clock.GetUtcNow(), cancellationToken)).Encode();
        var name = ObjectName.Of(KeyFile.Prefix, bytes);
        await store.PutAsync(name, bytes, cancellationToken);
        return name[KeyFile.Prefix.Length..];
    }

    /// <exception cref="UserError">No key file opens with it (exit 12).</exception>
    public static async Task<RepositorySecrets> UnlockAsync(
        IObjectStore store, string repositoryId, RepositoryKey key, CancellationToken cancellationToken) =>
        (await FindAsync(store, repositoryId, key, cancellationToken)).Secrets;

    /// <summary>Id of the key file that a key opens.</summary>
    /// <exception cref="UserError">It opens none (exit 12).</exception>
    public static async Task<string> FindIdAsync(IObjectStore store, string repositoryId, RepositoryKey key, CancellationToken cancellationToken) =>
        (await FindAsync(store, repositoryId, key, cancellationToken)).Id;

    public static async Task<IReadOnlyList<(string Id, KeyFile File)>> ListAsync(
        IObjectStore store, CancellationToken cancellationToken)
    {
        var files = new List<(string Id, KeyFile File)>();
        await foreach (var found in store.ListAsync(KeyFile.Prefix, cancellationToken))
        {
            var bytes = await store.GetAsync(found.Key, KeyFile.MaxSize, cancellationToken);
            files.Add((found.Key[KeyFile.Prefix.Length..], KeyFile.Decode(bytes, found.Key)));
        }

        return [.. files.OrderBy(f => f.File.Created)];
    }

    /// <summary>Removes a key file by the beginning of its id.</summary>
    /// <param name="repository">An encrypted repository.</param>
    /// <param name="idPrefix">At least 6 hex digits.</param>
    /// <param name="key">The one in use: its own key file stays.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">None or several match, or it is the last, or the one in use.</exception>
    public static async Task<string> RemoveAsync(
        BackupRepository repository, string idPrefix, RepositoryKey key, CancellationToken cancellationToken)
    {
        var files = await ListAsync(repository.Store, cancellationToken);
        var matches = files.Where(f => idPrefix.Length >= 6 && f.Id.StartsWith(idPrefix, StringComparison.Ordinal)).ToList();
        if (matches.Count != 1)
        {
            throw new UserError(
                $"{matches.Count} keys of {repository.Location} begin with {idPrefix}",
                "give at least 6 digits of one: kubectl mlopsbackup key list",
                ExitCode.Usage);
        }

        var (inUse, _) = await FindAsync(repository.Store, repository.Config.Id, key, cancellationToken);
        if (inUse == matches[0].Id)
        {
            throw new UserError(
                $"key {matches[0].Id[..8]} is the one that opens with what the plan says",
                "add the new key, put it into the plan, then remove the old one",
                ExitCode.Usage);
        }

        await repository.Store.DeleteAsync(KeyFile.Prefix + matches[0].Id, cancellationToken);
        return matches[0].Id;
    }

    private static async Task<(string Id, RepositorySecrets Secrets)> FindAsync(
        IObjectStore store, string repositoryId, RepositoryKey key, CancellationToken cancellationToken)
    {
        // A damaged key file, or one that the key service refuses, must not lock out whoever holds another.
        var files = new List<KeyFile>();
        Exception? failure = null;
        await foreach (var found in store.ListAsync(KeyFile.Prefix, cancellationToken))
        {
            try
            {
                var file = KeyFile.Decode(await store.GetAsync(found.Key, KeyFile.MaxSize, cancellationToken), found.Key);
                files.Add(file);
                if (await key.UnwrapAsync(file, repositoryId, found.Key, cancellationToken) is { } secrets)
                {
                    return (found.Key[KeyFile.Prefix.Length..], secrets);
                }
            }
            catch (Exception e) when (e is RepositoryDamagedException || KmsException.IsCauseOf(e))
            {
                failure ??= e;
            }
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        throw files.Count == 0
            ? new UserError(
                $"{store.Location} has no key file left: nothing opens it", "restore the folder keys/ from a copy of the repository", ExitCode.WrongKey)
            : new UserError($"{key.Name} opens none of the {files.Count} key(s) of {store.Location}", $"{key.Hint}. {Openers(files)}", ExitCode.WrongKey);
    }

    /// <summary>What the plan would have to say, as far as the repository tells.</summary>
    /// <exception cref="RepositoryDamagedException">A key file is damaged.</exception>
    public static async Task<string> OpenersAsync(IObjectStore store, CancellationToken cancellationToken) =>
        Openers([.. (await ListAsync(store, cancellationToken)).Select(f => f.File)]);

    private static string Openers(IReadOnlyList<KeyFile> files)
    {
        // Said by whoever wrote the repository: a key that is not your own is no way to trust it.
        var keys = files.Select(f => f.KmsKeyId).OfType<string>().Where(KmsArn.IsArn).Distinct(StringComparer.Ordinal).ToList();
        IEnumerable<string> ways =
        [
            .. files.Any(f => f.Kdf == PassphraseKey.Kdf) ? ["a passphrase"] : Array.Empty<string>(),
            .. keys.Select(k => $"KMS key {k}"),
        ];
        return $"It says that it opens with: {string.Join(", ", ways)}";
    }
}
