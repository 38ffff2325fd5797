using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Where artifacts are restored into: a folder or an S3 prefix.</summary>
internal interface IArtifactTarget : IDisposable
{
    /// <summary>For people: a path or <c>s3://bucket/prefix</c>.</summary>
    string Description { get; }

    /// <exception cref="UserError">It cannot be looked at: a bucket is missing, or forbidden.</exception>
    Task<bool> IsEmptyAsync(CancellationToken cancellationToken);

    /// <summary>Brings it to the state of a snapshot, or (with a dry run) compares the two.</summary>
    /// <exception cref="UserError">It cannot be used, or has no room.</exception>
    /// <exception cref="Repository.RepositoryDamagedException">Something is missing or changed in the repository.</exception>
    Task<RestoreReport> RestoreAsync(
        ChunkReader reader,
        Snapshot snapshot,
        RestoreOptions options,
        RestoreCounters counters,
        CancellationToken cancellationToken);
}
