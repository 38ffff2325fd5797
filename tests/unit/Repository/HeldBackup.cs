using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>A backup that waits at the end of its walk, with what it read on its way, until it is told to finish.</summary>
internal sealed class HeldBackup
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<Snapshot> run;
    private int packsCommitted;

    public HeldBackup(
        BackupRepository repository,
        IReadOnlyDictionary<string, byte[]> files,
        WriterOptions options)
    {
        var source = new MemorySource(files)
        {
            BeforeEnd = () =>
            {
                reached.SetResult();
                return go.Task;
            },
        };
        var counting = new FaultyStore(repository.Store, call =>
        {
            // The one before is done, or at most two more are under way.
            packsCommitted += call.Operation == StoreOperation.Commit && call.Key.StartsWith(PackKey.Prefix, StringComparison.Ordinal) ? 1 : 0;
            return StoreFault.None;
        });
        run = Engine.BackUpAsync(repository.Through(counting, repository.Clock), source, options: options);
    }

    public int PacksCommitted => Volatile.Read(ref packsCommitted);

    public Task Reached => reached.Task;

    public Task<Snapshot> FinishAsync()
    {
        go.SetResult();
        return run;
    }
}
