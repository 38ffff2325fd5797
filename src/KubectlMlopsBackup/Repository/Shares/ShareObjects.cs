using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>What the processes of one run leave for each other: written once, by the first, and read by all.</summary>
internal sealed class ShareObjects(BackupRepository repository, string run)
{
    /// <summary>A plan names at most some 16,000 units; a share's problems and links are the most of it.</summary>
    public const int MaxSize = 256 << 20;

    private const int SumSize = 32;

    public string Run { get; } = run;

    /// <returns>Null where nobody has made one yet.</returns>
    public async Task<SharePlan?> FindPlanAsync(CancellationToken cancellationToken)
    {
        var (plan, sum) = await FindAsync(ShareKey.Plan(Run), RepositoryJson.Default.SharePlan, cancellationToken);
        return plan is null ? null : plan with { Sum = sum };
    }

    public Task<StoredShare?> FindShareAsync(int index, SharePlan plan, CancellationToken cancellationToken) =>
        CheckedAsync(ShareKey.Share(Run, index), RepositoryJson.Default.StoredShare, s => (s.PlanSum, s.Index), index, plan, cancellationToken);

    public async Task<ShareCommitter?> FindCommitterAsync(CancellationToken cancellationToken) =>
        (await FindAsync(ShareKey.Committer(Run), RepositoryJson.Default.ShareCommitter, cancellationToken)).Value;

    /// <returns>The plan that holds: this one, or that of another process which was faster.</returns>
    public async Task<SharePlan> PutPlanAsync(SharePlan plan, CancellationToken cancellationToken)
    {
        await PutAsync(ShareKey.Plan(Run), plan, RepositoryJson.Default.SharePlan, cancellationToken);
        return await FindPlanAsync(cancellationToken) ?? throw Vanished(ShareKey.Plan(Run));
    }

    /// <returns>The share that holds.</returns>
    public async Task<StoredShare> PutShareAsync(StoredShare share, SharePlan plan, CancellationToken cancellationToken)
    {
        var key = ShareKey.Share(Run, share.Index);
        await PutAsync(key, share, RepositoryJson.Default.StoredShare, cancellationToken);
        return await FindShareAsync(share.Index, plan, cancellationToken) ?? throw Vanished(key);
    }

    /// <returns>The index that makes the snapshot: this one, or another that was faster.</returns>
    public async Task<int> ClaimCommitAsync(int index, SharePlan plan, CancellationToken cancellationToken)
    {
        await PutAsync(
            ShareKey.Committer(Run), new ShareCommitter(Run, plan.Sum, index), RepositoryJson.Default.ShareCommitter, cancellationToken);
        return (await FindCommitterAsync(cancellationToken) ?? throw Vanished(ShareKey.Committer(Run))).Index;
    }

    /// <returns>All shares, by index; null while one is missing.</returns>
    public async Task<IReadOnlyList<StoredShare>?> AllAsync(SharePlan plan, CancellationToken cancellationToken)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var found in repository.Store.ListAsync(ShareKey.Folder(Run), cancellationToken))
        {
            there.Add(found.Key);
        }

        var keys = Enumerable.Range(0, plan.Count).Select(i => ShareKey.Share(Run, i)).ToList();
        if (!keys.TrueForAll(there.Contains))
        {
            return null;
        }

        var shares = new StoredShare[plan.Count];
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = await FindShareAsync(i, plan, cancellationToken) ?? throw Vanished(keys[i]);
        }

        return shares;
    }

    /// <exception cref="RepositoryDamagedException">It is not what was written.</exception>
    public static Task CheckAsync(BackupRepository repository, string key, CancellationToken cancellationToken) =>
        ReadAsync(repository, key, cancellationToken);

    /// <returns>The object, and the SHA-256 of its JSON; null where there is none.</returns>
    /// <exception cref="RepositoryDamagedException">It is not what was written.</exception>
    public static async Task<(T? Value, string Sum)> FindAsync<T>(
        BackupRepository repository, string key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => await ReadAsync(repository, key, cancellationToken) is { } content
            ? (ObjectReader.Json(content[SumSize..], key, type), Convert.ToHexStringLower(content.AsSpan(0, SumSize)))
            : (null, "");

    private static async Task<byte[]?> ReadAsync(BackupRepository repository, string key, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            bytes = await repository.Store.GetAsync(key, MaxSize, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
        catch (InvalidDataException e)
        {
            throw new RepositoryDamagedException(key, "is larger than such an object can be", e);
        }

        var content = SmallObject.Decode(repository.Secrets, key, ObjectKind.Share, bytes, MaxSize);
        if (content.Length < SumSize || !SHA256.HashData(content.AsSpan(SumSize)).AsSpan().SequenceEqual(content.AsSpan(0, SumSize)))
        {
            throw new RepositoryDamagedException(key, "does not match its own checksum");
        }

        return content;
    }

    private async Task<(T? Value, string Sum)> FindAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => await FindAsync(repository, key, type, cancellationToken);

    private async Task<T?> CheckedAsync<T>(
        string key,
        JsonTypeInfo<T> type,
        Func<T, (string PlanSum, int Index)> identity,
        int index,
        SharePlan plan,
        CancellationToken cancellationToken)
        where T : class
    {
        var (value, _) = await FindAsync(key, type, cancellationToken);
        if (value is not null && identity(value) != (plan.Sum, index))
        {
            // Only in a store that overwrites: two processes that came first at once.
            throw new UserError(
                $"{key} of {repository.Location} was made after another plan than the run's",
                "start a new run; use a store that refuses to overwrite (If-None-Match)");
        }

        return value;
    }

    private async Task PutAsync<T>(string key, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        byte[] content = [.. SHA256.HashData(json), .. json];
        var bytes = SmallObject.Encode(new WritingSession(repository.Secrets), ObjectKind.Share, content);
        try
        {
            await repository.Store.PutAsync(key, bytes, cancellationToken);
        }
        catch (ObjectConflictException)
        {
            // Another was faster; the caller reads what is there.
        }
    }

    private IOException Vanished(string key) => new($"{repository.Location}: {key} was deleted while its run was at work");
}
