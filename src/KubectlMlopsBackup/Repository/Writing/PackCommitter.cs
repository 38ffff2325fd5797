using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>
/// Makes packs durable, a few at once, and writes an index of those that are: never the other way round.
/// </summary>
internal sealed class PackCommitter(
    BackupRepository repository, WritingSession session, WriterOptions options, Action<Exception> failed) : IDisposable
{
    private readonly SemaphoreSlim slots = new(options.CommitsAtOnce, options.CommitsAtOnce);
    private readonly SemaphoreSlim indexTurn = new(1, 1);
    private readonly DateTimeOffset started = repository.Clock.GetUtcNow();
    private readonly Lock gate = new();
    private readonly List<Task> running = [];
    private List<PackInfo> durable = [];
    private long bytesStored;

    /// <summary>Bytes of packs that are durable.</summary>
    public long BytesStored => Interlocked.Read(ref bytesStored);

    /// <summary>Starts to commit a pack; waits while too many are under way.</summary>
    public async ValueTask StartAsync(PackBuilder pack, CancellationToken cancellationToken)
    {
        try
        {
            await slots.WaitAsync(cancellationToken);
        }
        catch
        {
            await pack.DisposeAsync();
            throw;
        }

        lock (gate)
        {
            running.RemoveAll(t => t.IsCompletedSuccessfully);
            running.Add(Task.Run(() => CommitAsync(pack, cancellationToken), CancellationToken.None));
        }
    }

    /// <summary>Waits for every pack that was started and writes the index of what has none yet.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        Task[] all;
        lock (gate)
        {
            all = [.. running];
        }

        await Task.WhenAll(all);
        await WriteIndexAsync(1, cancellationToken);
    }

    /// <summary>Waits until nothing is under way, whatever came of it.</summary>
    public Task DrainAsync()
    {
        lock (gate)
        {
            return Task.WhenAll(running).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    public void Dispose()
    {
        slots.Dispose();
        indexTurn.Dispose();
    }

    private async Task CommitAsync(PackBuilder pack, CancellationToken cancellationToken)
    {
        try
        {
            await using (pack)
            {
                var info = await pack.CommitAsync(cancellationToken);
                Interlocked.Add(ref bytesStored, info.Size);
                lock (gate)
                {
                    durable.Add(info);
                }
            }

            await WriteIndexAsync(options.PacksPerIndex, cancellationToken);
        }
        catch (Exception e)
        {
            failed(e);
            throw;
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task WriteIndexAsync(int atLeast, CancellationToken cancellationToken)
    {
        await indexTurn.WaitAsync(cancellationToken);
        try
        {
            List<PackInfo> packs;
            lock (gate)
            {
                if (durable.Count < atLeast)
                {
                    return;
                }

                packs = durable;
                durable = [];
            }

            // An index may not name packs that prune took for those of a run that was cut off.
            SnapshotRun.RefuseIfTooLong(started, repository.Clock.GetUtcNow());
            var bytes = SmallObject.Encode(session, ObjectKind.Index, IndexFile.Write(packs));
            await repository.Store.PutAsync(ObjectName.Of(IndexFile.Prefix, bytes), bytes, cancellationToken);
        }
        finally
        {
            indexTurn.Release();
        }
    }
}
