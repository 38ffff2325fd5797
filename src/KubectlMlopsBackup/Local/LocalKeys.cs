using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Kms;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Local;

/// <summary>The keys that open the repositories of a plan.</summary>
/// <param name="only">The name of one repository, or null for all.</param>
internal sealed class LocalKeys(LocalPlan plan, string? only)
{
    public const string Added = "added";
    public const string Removed = "removed";
    public const string There = "there already";

    public async Task<IReadOnlyList<ListedKey>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = new List<ListedKey>();
        foreach (var spec in plan.Chosen(only))
        {
            using var repository = await plan.OpenAsync(spec, cancellationToken);
            keys.AddRange((await RepositoryKeys.ListAsync(repository.Store, cancellationToken)).Select(k => new ListedKey(
                spec.Name, k.Id, k.File.Kdf == PassphraseKey.Kdf ? "passphrase" : k.File.Kdf, k.File.KmsKeyId, k.File.Label, k.File.Created)));
        }

        return keys;
    }

    /// <summary>Lets another key open what the plan's key opens.</summary>
    /// <exception cref="UserError">A repository cannot be opened, or is not encrypted.</exception>
    public async Task<IReadOnlyList<KeyChange>> AddAsync(RepositoryKey key, string label, CancellationToken cancellationToken)
    {
        var changes = new List<KeyChange>();
        foreach (var spec in plan.Chosen(only))
        {
            using var repository = await plan.OpenAsync(spec, cancellationToken);
            changes.Add(await AddAsync(spec, repository, key, label, cancellationToken));
        }

        return changes;
    }

    /// <summary>Lets the plan's key open what an older one opens. Again: nothing more.</summary>
    /// <exception cref="UserError">Neither opens a repository, or it is not encrypted.</exception>
    public async Task<IReadOnlyList<KeyChange>> AdoptAsync(RepositoryKey old, string label, CancellationToken cancellationToken)
    {
        var own = plan.Key() ?? throw new UserError("the plan names no key that could be added", "name the new one in spec.encryption of the plan", ExitCode.Usage);
        var changes = new List<KeyChange>();
        foreach (var spec in plan.Chosen(only))
        {
            if (await OwnIdAsync(spec, own, cancellationToken) is { } id)
            {
                changes.Add(new KeyChange(spec.Name, id, There));
                continue;
            }

            using var repository = await plan.OpenAsync(spec, old, cancellationToken);
            changes.Add(await AddAsync(spec, repository, own, label, cancellationToken));
        }

        return changes;
    }

    /// <param name="idPrefix">Of a key of one of the repositories: at least 6 digits.</param>
    /// <exception cref="UserError">None has it, or it is the last, or the plan's own.</exception>
    public async Task<KeyChange> RemoveAsync(string idPrefix, CancellationToken cancellationToken)
    {
        using var repositories = await OpenRepositories.OpenAsync(plan, only, cancellationToken);
        foreach (var open in repositories.Open)
        {
            RefusePlain(open.Name, open.Repository);
        }

        // An id is one repository's own: the one that has it is meant.
        foreach (var open in repositories.Open)
        {
            var keys = await RepositoryKeys.ListAsync(open.Repository.Store, cancellationToken);
            if (keys.Any(k => k.Id.StartsWith(idPrefix, StringComparison.Ordinal)))
            {
                return new KeyChange(open.Name, await RemoveAsync(open.Repository, idPrefix, cancellationToken), Removed);
            }
        }

        throw new UserError($"no repository has a key {idPrefix}", "kubectl mlopsbackup key list shows them", ExitCode.Usage);
    }

    private async Task<string> RemoveAsync(BackupRepository repository, string idPrefix, CancellationToken cancellationToken)
    {
        try
        {
            return await RepositoryKeys.RemoveAsync(repository, idPrefix, plan.Key()!, cancellationToken);
        }
        catch (Exception e) when (S3Faults.TroubleOf(e) == S3Trouble.Denied)
        {
            throw new UserError(
                e.Message, "no role that s3 policy prints may delete keys: do it with your own rights, with --direct (for a plan in a cluster) or --local", ExitCode.Failed, e);
        }
    }

    /// <returns>Null where the key does not open it yet.</returns>
    private async Task<string?> OwnIdAsync(RepositorySpec spec, RepositoryKey own, CancellationToken cancellationToken)
    {
        using var store = plan.Store(spec);
        var config = await BackupRepository.ReadConfigAsync(store, cancellationToken);
        try
        {
            return config.Encrypted ? await RepositoryKeys.FindIdAsync(store, config.Id, own, cancellationToken) : throw Plain(spec.Name);
        }
        catch (UserError e) when (e.Code == ExitCode.WrongKey && !KmsException.IsCauseOf(e))
        {
            return null;
        }
    }

    private async Task<KeyChange> AddAsync(RepositorySpec spec, BackupRepository repository, RepositoryKey key, string label, CancellationToken cancellationToken)
    {
        RefusePlain(spec.Name, repository);
        var id = await RepositoryKeys.WriteAsync(repository.Store, repository.Secrets, repository.Config.Id, key, label, plan.Clock, cancellationToken);
        return new KeyChange(spec.Name, id, Added);
    }

    private static void RefusePlain(string name, BackupRepository repository)
    {
        if (!repository.Secrets.Encrypted)
        {
            throw Plain(name);
        }
    }

    private static UserError Plain(string name) => new(
        $"repository {name} is not encrypted, and stays so", "make a new, encrypted one and mirror into it", ExitCode.Usage);
}
