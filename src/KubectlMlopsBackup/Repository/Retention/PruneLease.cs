using System.Security.Cryptography;
using System.Text.Json;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>Keeps two prunes from doing the same work. Backups do not look at it. It ends by itself, so a crash blocks nothing for long.</summary>
internal sealed class PruneLease : IAsyncDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromHours(4);

    private readonly BackupRepository repository;
    private readonly string key;
    private readonly DateTimeOffset expires;

    private PruneLease(BackupRepository repository, string key, DateTimeOffset expires)
    {
        this.expires = expires;
        this.repository = repository;
        this.key = key;
    }

    /// <exception cref="UserError">Another prune is at work (exit 11).</exception>
    public static async Task<PruneLease> TakeAsync(BackupRepository repository, CancellationToken cancellationToken)
    {
        await RefuseIfTakenAsync(repository, null, cancellationToken);
        var expires = repository.Clock.GetUtcNow() + Duration;
        var lease = new Lease(Environment.MachineName, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), expires);
        var json = JsonSerializer.SerializeToUtf8Bytes(lease, RepositoryJson.Default.Lease);
        var bytes = SmallObject.Encode(new WritingSession(repository.Secrets), ObjectKind.Lease, json);
        var taken = new PruneLease(repository, ObjectName.Of(Lease.Prefix, expires, bytes), expires);
        await repository.Store.PutAsync(taken.key, bytes, cancellationToken);
        try
        {
            // Of two that looked at the same time, the one that wrote later sees the other now; if both do, neither goes on.
            await RefuseIfTakenAsync(repository, taken.key, cancellationToken);
            return taken;
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
        }
    }

    /// <summary>Before what another prune must not do meanwhile.</summary>
    /// <exception cref="UserError">The lease has ended (exit 11).</exception>
    public void RefuseIfEnded()
    {
        if (repository.Clock.GetUtcNow() >= expires)
        {
            throw new UserError(
                $"prune of {repository.Location} took longer than its lease of {Duration.TotalHours} hours; no pack was deleted",
                "run it again: what it wrote anew is kept",
                ExitCode.Locked);
        }
    }

    public async ValueTask DisposeAsync() => await repository.Store.DeleteAsync(key, CancellationToken.None);

    private static async Task RefuseIfTakenAsync(BackupRepository repository, string? own, CancellationToken cancellationToken)
    {
        var now = repository.Clock.GetUtcNow();
        var keys = new List<string>();
        await foreach (var found in repository.Store.ListAsync(Lease.Prefix, cancellationToken))
        {
            keys.Add(found.Key);
        }

        foreach (var key in keys.Where(k => k != own))
        {
            if (ObjectName.TimeOf(key) is not { } expires || expires <= now)
            {
                await repository.Store.DeleteAsync(key, cancellationToken);
            }
            else
            {
                throw new UserError(
                    $"another prune of {repository.Location} is at work, or was cut off; its lease ends at {expires:u}",
                    "wait for it; backups and restores are not held up",
                    ExitCode.Locked);
            }
        }
    }
}
