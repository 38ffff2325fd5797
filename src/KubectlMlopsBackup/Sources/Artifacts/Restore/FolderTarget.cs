using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>A folder that artifacts are restored into.</summary>
internal sealed class FolderTarget(string path, TimeProvider clock) : IArtifactTarget
{
    public string Description => path;

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        Task.FromResult(!Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any());

    public Task<RestoreReport> RestoreAsync(
        ChunkReader reader,
        Snapshot snapshot,
        RestoreOptions options,
        RestoreCounters counters,
        CancellationToken cancellationToken) =>
        new ArtifactRestore(reader, snapshot, path, options, counters, clock).RunAsync(cancellationToken);

    public void Dispose()
    {
    }
}
