using System.Security.Cryptography;
using System.Text.Json;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>
/// Keeps two prunes from doing the same work. Backups do not look at it. It lasts minutes and is renewed as long as the work goes on, by a
/// new object that takes the old one's place; so a crash blocks nothing for long, and a holder that cannot renew it stops.
/// </summary>
internal sealed class PruneLease : IAsyncDisposable
{
    private static readonly TimeSpan RenewEvery = Lease.Duration / 3;

    private readonly BackupRepository repository;
    private readonly string nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly string host;
    private readonly LeaseProcess? process;

    /// <summary>All that may still be there, the newest last.</summary>
    private readonly List<string> keys = [];
    private readonly CancellationTokenSource ended;
    private readonly CancellationTokenSource stop = new();
    private Task renewing = Task.CompletedTask;
    private long expires;

    private PruneLease(BackupRepository repository, string host, LeaseProcess? process)
    {
        this.repository = repository;
        this.host = host;
        this.process = process;
        ended = new CancellationTokenSource(Lease.Duration, repository.Clock);
    }

    /// <summary>Cancelled when the lease could not be renewed in time, or was taken away.</summary>
    public CancellationToken Ended => ended.Token;

    private bool HasEnded => ended.IsCancellationRequested || repository.Clock.GetUtcNow().UtcTicks >= Interlocked.Read(ref expires);

    /// <summary>Where a prune on another host was cut off, this waits until that is sure: no longer than a lease lasts.</summary>
    /// <param name="repository">What is to be pruned.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="waiting">Told, in words, when it has to be waited.</param>
    /// <param name="host">Null for this one.</param>
    /// <exception cref="UserError">Another prune is at work (exit 11).</exception>
    public static async Task<PruneLease> TakeAsync(
        BackupRepository repository,
        CancellationToken cancellationToken,
        Action<string>? waiting = null,
        string? host = null)
    {
        host ??= Environment.MachineName;
        var watch = new LeaseWatch(repository, host, LeaseProcess.Current);
        await watch.ClearAsync(waiting, cancellationToken);
        var taken = new PruneLease(repository, host, LeaseProcess.Current);
        try
        {
            await taken.WriteAsync(cancellationToken);
            // Of two that looked at the same time, the one that wrote later sees the other now; if both do, neither goes on.
            await watch.RefuseOthersAsync(taken.keys[^1], cancellationToken);
            // From here on, not from whenever the other task begins.
            var timer = new PeriodicTimer(RenewEvery, repository.Clock);
            taken.renewing = Task.Run(() => taken.RenewAsync(timer), CancellationToken.None);
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
        if (HasEnded)
        {
            throw Lost();
        }
    }

    /// <summary>For a prune that was stopped because its lease has ended.</summary>
    public UserError Lost() => new(
        $"prune of {repository.Location} could not renew its lease, or another took it over: it stopped",
        "run it again: it goes on with what is left",
        ExitCode.Locked);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await renewing;
        try
        {
            foreach (var key in keys)
            {
                await repository.Store.DeleteAsync(key, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is IOException or UserError)
        {
            // It ends by itself.
        }

        ended.Dispose();
        stop.Dispose();
    }

    private async Task RenewAsync(PeriodicTimer timer)
    {
        using var owned = timer;
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    // Taken away by a prune that saw no sign of life: this host slept, for example.
                    if (HasEnded || await repository.Store.SizeAsync(keys[^1], stop.Token) is null)
                    {
                        await ended.CancelAsync();
                        return;
                    }

                    await WriteAsync(stop.Token);
                }
                catch (Exception e) when (e is IOException or UserError)
                {
                    // Again at the next tick. If none comes in time, the lease ends.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done.
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var clock = repository.Clock;
        var started = clock.GetTimestamp();
        var end = clock.GetUtcNow() + Lease.Duration;
        var json = JsonSerializer.SerializeToUtf8Bytes(new Lease(host, nonce, end, process), RepositoryJson.Default.Lease);
        var bytes = SmallObject.Encode(new WritingSession(repository.Secrets), ObjectKind.Lease, json);
        var key = ObjectName.Of(Lease.Prefix, end, bytes);
        var old = keys.ToList();
        keys.Add(key);
        await repository.Store.PutAsync(key, bytes, cancellationToken);
        Interlocked.Exchange(ref expires, end.UtcTicks);
        var left = Lease.Duration - clock.GetElapsedTime(started);
        ended.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        foreach (var former in old)
        {
            await repository.Store.DeleteAsync(former, cancellationToken);
            keys.Remove(former);
        }
    }
}
