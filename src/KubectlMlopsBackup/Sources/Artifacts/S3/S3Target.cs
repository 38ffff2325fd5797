using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>A prefix of a bucket that artifacts are restored into.</summary>
internal sealed class S3Target : IArtifactTarget
{
    private readonly S3Connection bucket;
    private readonly TimeProvider clock;

    /// <exception cref="UserError">Half a pair of keys.</exception>
    public S3Target(S3StoreSettings settings, TimeProvider clock)
    {
        bucket = new S3Connection(settings, clock);
        this.clock = clock;
    }

    public string Description => bucket.Settings.ToString();

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) => S3Listing.IsEmptyAsync(bucket, cancellationToken);

    public Task<RestoreReport> RestoreAsync(
        ChunkReader reader,
        Snapshot snapshot,
        RestoreOptions options,
        RestoreCounters counters,
        CancellationToken cancellationToken) =>
        new S3Restore(bucket, reader, snapshot, options, counters, clock).RunAsync(cancellationToken);

    public void Dispose() => bucket.Dispose();
}
