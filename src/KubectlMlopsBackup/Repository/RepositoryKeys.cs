using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository;

/// <summary>The passphrases that open a repository: add, remove, list.</summary>
internal static class RepositoryKeys
{
    public static async Task<string> WriteAsync(
        IObjectStore store,
        RepositorySecrets secrets,
        string repositoryId,
        string passphrase,
        string label,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var bytes = KeyFile.Wrap(secrets, repositoryId, passphrase, label, clock.GetUtcNow()).Encode();
        var key = ObjectName.Of(KeyFile.Prefix, bytes);
        await store.PutAsync(key, bytes, cancellationToken);
        return key[KeyFile.Prefix.Length..];
    }

    /// <exception cref="UserError">No key file opens with it (exit 12).</exception>
    public static async Task<RepositorySecrets> UnlockAsync(
        IObjectStore store, string repositoryId, string passphrase, CancellationToken cancellationToken) =>
        (await FindAsync(store, repositoryId, passphrase, cancellationToken)).Secrets;

    /// <summary>Id of the key file that a passphrase opens.</summary>
    /// <exception cref="UserError">It opens none (exit 12).</exception>
    public static async Task<string> FindIdAsync(IObjectStore store, string repositoryId, string passphrase, CancellationToken cancellationToken) =>
        (await FindAsync(store, repositoryId, passphrase, cancellationToken)).Id;

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
    /// <param name="passphrase">The one in use: its own key file stays.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">None or several match, or it is the last, or the one in use.</exception>
    public static async Task<string> RemoveAsync(
        BackupRepository repository, string idPrefix, string passphrase, CancellationToken cancellationToken)
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

        var (inUse, _) = await FindAsync(repository.Store, repository.Config.Id, passphrase, cancellationToken);
        if (inUse == matches[0].Id)
        {
            throw new UserError(
                $"key {matches[0].Id[..8]} is the one that the plan's passphrase opens",
                "add the new key, put its passphrase into the plan, then remove the old one",
                ExitCode.Usage);
        }

        await repository.Store.DeleteAsync(KeyFile.Prefix + matches[0].Id, cancellationToken);
        return matches[0].Id;
    }

    private static async Task<(string Id, RepositorySecrets Secrets)> FindAsync(
        IObjectStore store, string repositoryId, string passphrase, CancellationToken cancellationToken)
    {
        // A damaged key file must not lock out whoever holds another.
        var count = 0;
        RepositoryDamagedException? damage = null;
        await foreach (var found in store.ListAsync(KeyFile.Prefix, cancellationToken))
        {
            count++;
            try
            {
                var bytes = await store.GetAsync(found.Key, KeyFile.MaxSize, cancellationToken);
                if (KeyFile.Decode(bytes, found.Key).Unwrap(repositoryId, passphrase, found.Key) is { } secrets)
                {
                    return (found.Key[KeyFile.Prefix.Length..], secrets);
                }
            }
            catch (RepositoryDamagedException e)
            {
                damage = e;
            }
        }

        if (damage is not null)
        {
            throw damage;
        }

        throw new UserError(
            count == 0
                ? $"{store.Location} has no key file left: it cannot be opened by any passphrase"
                : $"the passphrase opens none of the {count} key(s) of {store.Location}",
            count == 0
                ? "restore the folder keys/ from a copy of the repository"
                : "check spec.encryption in the plan; a passphrase is compared byte for byte, less one final newline",
            ExitCode.WrongKey);
    }
}
