using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>
/// Looks for leases of other prunes, and clears away those of dead ones. One whose process is gone from this machine is dead at once. Any
/// other is dead when it was not renewed for as long as a lease lasts: measured here, so that it does not matter what time it is there.
/// </summary>
internal sealed class LeaseWatch(BackupRepository repository, string host, LeaseProcess? process)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private sealed record Other(string Key, Lease? Lease, DateTimeOffset Expires, bool OfThisMachine);

    /// <summary>Waits until no other prune is at work, or it is known that one is.</summary>
    /// <param name="waiting">Told once, in words, when it has to be waited.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">Another prune is at work (exit 11).</exception>
    public async Task ClearAsync(Action<string>? waiting, CancellationToken cancellationToken)
    {
        var others = await OthersAsync(null, cancellationToken);
        if (others.Count == 0)
        {
            return;
        }

        if (others.Find(o => o.OfThisMachine) is { } alive)
        {
            throw Taken(alive);
        }

        waiting?.Invoke(
            $"a prune{On(others[0])} may be at work on {repository.Location}, or was cut off: waiting for up to "
            + $"{Lease.Duration.TotalMinutes} minutes for a sign of life");
        var watched = others.Select(o => o.Key).ToHashSet(StringComparer.Ordinal);
        var started = repository.Clock.GetTimestamp();
        while (repository.Clock.GetElapsedTime(started) < Lease.Duration)
        {
            await Task.Delay(LookEvery, repository.Clock, cancellationToken);
            others = await OthersAsync(null, cancellationToken);
            if (others.Find(o => !watched.Contains(o.Key)) is { } renewed)
            {
                throw Taken(renewed);
            }

            if (others.Count == 0)
            {
                return;
            }
        }

        foreach (var dead in others)
        {
            await repository.Store.DeleteAsync(dead.Key, cancellationToken);
        }
    }

    /// <param name="own">The lease that was just written.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">There is another (exit 11).</exception>
    public async Task RefuseOthersAsync(string own, CancellationToken cancellationToken)
    {
        if (await OthersAsync(own, cancellationToken) is [var other, ..])
        {
            throw Taken(other);
        }
    }

    /// <returns>Leases that may be of a prune at work. Those that are surely not, are deleted.</returns>
    private async Task<List<Other>> OthersAsync(string? own, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var found in repository.Store.ListAsync(Lease.Prefix, cancellationToken))
        {
            keys.Add(found.Key);
        }

        var others = new List<Other>();
        foreach (var key in keys.Where(k => k != own).Order(StringComparer.Ordinal))
        {
            try
            {
                var lease = await ReadAsync(key, cancellationToken);
                var here = lease?.IsOfThisMachine(host, process) == true;
                if (ObjectName.TimeOf(key) is not { } expires
                    || Lease.HasEnded(lease, expires, repository.Clock.GetUtcNow(), here))
                {
                    await repository.Store.DeleteAsync(key, cancellationToken);
                    continue;
                }

                others.Add(new Other(key, lease, expires, here));
            }
            catch (ObjectNotFoundException)
            {
                // It has just ended.
            }
        }

        return others;
    }

    /// <returns>Null where it is damaged, and so nobody's whom one could ask.</returns>
    private async Task<Lease?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return ObjectReader.Json(
                await ObjectReader.ReadAsync(repository, key, ObjectKind.Lease, Lease.MaxSize, cancellationToken),
                key,
                RepositoryJson.Default.Lease);
        }
        catch (RepositoryDamagedException)
        {
            return null;
        }
    }

    private UserError Taken(Other other) => new(
        $"another prune of {repository.Location} is at work{On(other)}; its lease ends at {other.Expires:u} unless it is renewed",
        "wait for it; backups and restores are not held up",
        ExitCode.Locked);

    private static string On(Other other) => other.Lease is { } lease
        ? $" on {lease.Host}" + (lease.Process is { } process ? $" (process {process.Id})" : "")
        : "";
}
