using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>Artifacts in a folder (a mounted PVC). Linux.</summary>
internal sealed class DirectorySource : IArtifactSource
{
    private readonly Descriptor root;
    private readonly PathFilter filter;
    private readonly TimeProvider clock;

    /// <exception cref="UserError">No such folder, or it may not be read.</exception>
    public DirectorySource(string path, PathFilter filter, TimeProvider clock)
    {
        Description = Path.GetFullPath(path);
        this.filter = filter;
        this.clock = clock;
        if (!OperatingSystem.IsLinux())
        {
            throw new UserError(
                "artifacts in a folder can be read on Linux only",
                "run the backup in the cluster (without --local), or in a Linux container");
        }

        try
        {
            root = Descriptor.OpenRoot(path);
        }
        catch (PosixException e)
        {
            throw new UserError(
                $"the artifacts folder {path} cannot be opened: {e.Reason}",
                "check spec.artifacts.path, and that the volume is mounted",
                inner: e);
        }
    }

    public string Description { get; }

    public int SmallReadsAtOnce => 1;

    public async IAsyncEnumerable<SourceItem> WalkAsync(
        PathShare? share, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var item in new DirectoryWalk(root, filter, share, clock).Run())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    public ValueTask<ISourceFile> OpenAsync(SourceItem item, CancellationToken cancellationToken)
    {
        Descriptor? file = null;
        try
        {
            file = root.OpenFileBelow(item.Entry.Path);
            return new(new PosixSourceFile(file, item));
        }
        catch (PosixException e)
        {
            file?.Dispose();
            throw e.IsNotFound
                ? new SourceChangedException("vanished while it was read")
                : new IOException($"cannot be read: {e.Reason}", e);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    public void Dispose() => root.Dispose();
}
