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

    private PruneLease(BackupRepository repository, string key)
    {
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
        var taken = new PruneLease(repository, ObjectName.Of(Lease.Prefix, expires, bytes));
        await repository.Store.PutAsync(taken.key, bytes, cancellationToken);
        try
        {
            // Two that looked at the same time both see both now; the one whose key is first goes on.
            await RefuseIfTakenAsync(repository, taken.key, cancellationToken);
            return taken;
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
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
            else if (own is null || string.CompareOrdinal(key, own) < 0)
            {
                throw new UserError(
                    $"another prune of {repository.Location} is at work, or was cut off; its lease ends at {expires:u}",
                    "wait for it; backups and restores are not held up",
                    ExitCode.Locked);
            }
        }
    }
}
