using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository;

/// <summary>Reads small objects, all of a kind at once, and proves each by its name.</summary>
internal static class ObjectReader
{
    internal sealed record Result<T>(
        IReadOnlyList<(string Key, T Value)> Found, IReadOnlyList<RepositoryDamagedException> Damaged, int Vanished);

    /// <summary>Everything under a prefix, in the order of the keys. What is damaged is listed, not thrown.</summary>
    public static async Task<Result<T>> ReadAllAsync<T>(
        BackupRepository repository,
        string prefix,
        ObjectKind kind,
        int maxSize,
        Func<byte[], string, T> decode,
        CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var found in repository.Store.ListAsync(prefix, cancellationToken))
        {
            keys.Add(found.Key);
        }

        keys.Sort(StringComparer.Ordinal);
        var values = new (bool Ok, T Value)[keys.Count];
        var damaged = new List<RepositoryDamagedException>();
        var vanished = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, keys.Count),
            new ParallelOptions { MaxDegreeOfParallelism = repository.Store.Parallelism, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                try
                {
                    values[i] = (true, decode(await ReadAsync(repository, keys[i], kind, maxSize, token), keys[i]));
                }
                catch (ObjectNotFoundException)
                {
                    Interlocked.Increment(ref vanished);
                }
                catch (RepositoryDamagedException e)
                {
                    lock (damaged)
                    {
                        damaged.Add(e);
                    }
                }
            });
        return new Result<T>(
            [.. keys.Select((key, i) => (key, values[i])).Where(x => x.Item2.Ok).Select(x => (x.key, x.Item2.Value))],
            damaged,
            vanished);
    }

    /// <exception cref="ObjectNotFoundException">It is gone.</exception>
    /// <exception cref="RepositoryDamagedException">It is not what its name says.</exception>
    public static async Task<byte[]> ReadAsync(
        BackupRepository repository, string key, ObjectKind kind, int maxSize, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            bytes = await repository.Store.GetAsync(key, maxSize, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new RepositoryDamagedException(key, "is larger than such an object can be", e);
        }

        ObjectName.Check(key, bytes);
        return SmallObject.Decode(repository.Secrets, key, kind, bytes, maxSize);
    }

    public static T Json<T>(byte[] bytes, string key, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new RepositoryDamagedException(key, "is empty");
        }
        catch (JsonException e)
        {
            throw new RepositoryDamagedException(key, "has content that is not of its kind", e);
        }
    }
}
