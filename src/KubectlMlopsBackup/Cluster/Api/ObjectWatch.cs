using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Cluster.Api;

/// <summary>
/// What a list holds, again and again, as it changes. A watch that breaks (the server closes it, restarts, or says 410 Gone)
/// is taken up again; an API server that stays away is waited for.
/// </summary>
/// <param name="patience">How long the API server may be away before it is an error.</param>
internal sealed class ObjectWatch<T>(
    ClusterApi api, ApiResource resource, string ns, string? labels, string? fields,
    JsonTypeInfo<T> one, JsonTypeInfo<ListView<T>> many, TimeProvider clock, TimeSpan patience)
    where T : class, IClusterObject
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Between two lists, for those who may list but not watch.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, T> items = new(StringComparer.Ordinal);
    private string? version;
    private bool mayNotWatch;

    /// <returns>At first what is there now, then the whole again after every change. It does not end by itself.</returns>
    /// <exception cref="ClusterException">Refused, or the server was away for too long.</exception>
    public async IAsyncEnumerable<IReadOnlyList<T>> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await ListAsync(cancellationToken);
            yield return Now();
            if (mayNotWatch)
            {
                await Task.Delay(Poll, clock, cancellationToken);
                continue;
            }

            await using var changes = api.WatchAsync(resource, ns, labels, fields, version, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(changes, cancellationToken) is { } change)
            {
                if (Take(change))
                {
                    yield return Now();
                }
            }
        }
    }

    /// <returns>Null where the watch has ended, for whatever reason that a new list mends.</returns>
    private async Task<WatchEvent?> NextAsync(IAsyncEnumerator<WatchEvent> changes, CancellationToken cancellationToken)
    {
        try
        {
            if (await changes.MoveNextAsync())
            {
                return changes.Current;
            }
        }
        catch (ClusterException e) when (e.IsGone || e.IsTransient)
        {
        }
        catch (ClusterException e) when (e.Status == System.Net.HttpStatusCode.Forbidden)
        {
            mayNotWatch = true;
            return null;
        }

        await Task.Delay(Pause, clock, cancellationToken);
        return null;
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                var all = await api.ListAsync(resource, ns, labels, fields, many, cancellationToken);
                items.Clear();
                foreach (var item in all.Items)
                {
                    items[item.Metadata.Uid] = item;
                }

                version = all.Version;
                return;
            }
            catch (ClusterException e) when (e.IsTransient && clock.GetElapsedTime(began) < patience)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    private bool Take(WatchEvent change)
    {
        if (change.Type == "BOOKMARK")
        {
            return false;
        }

        var item = change.Object.Deserialize(one)!;
        if (change.Type == "DELETED")
        {
            return items.Remove(item.Metadata.Uid);
        }

        items[item.Metadata.Uid] = item;
        return true;
    }

    private IReadOnlyList<T> Now() => [.. items.Values.OrderBy(i => i.Metadata.CreationTimestamp).ThenBy(i => i.Metadata.Name, StringComparer.Ordinal)];
}
