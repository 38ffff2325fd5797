using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts;

namespace KubectlMlopsBackup.Local;

/// <summary>
/// Counts what a first backup has before it, beside the backup itself, so that the progress can tell what remains. A later
/// backup takes the figures of the one before.
/// </summary>
internal sealed class SourceScan : IDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly Task scan;

    private SourceScan(IArtifactSource source, ProgressCounters shown, CancellationToken cancellationToken)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        scan = Task.Run(() => RunAsync(source, shown, stop.Token), CancellationToken.None);
    }

    public static SourceScan Start(IArtifactSource source, ProgressCounters shown, CancellationToken cancellationToken) =>
        new(source, shown, cancellationToken);

    public void Dispose()
    {
        stop.Cancel();
        // Before the source is closed. What it fails with, the backup itself meets and names.
        scan.ContinueWith(static _ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        stop.Dispose();
    }

    private static async Task RunAsync(IArtifactSource source, ProgressCounters shown, CancellationToken cancellationToken)
    {
        long files = 0, bytes = 0;
        await foreach (var item in source.WalkAsync(null, cancellationToken))
        {
            if (item.Problem is null && item.Entry.Type is EntryType.File or EntryType.S3Object)
            {
                files++;
                bytes += item.Entry.Size;
            }
        }

        // Only whole: a total that grows makes a bar that runs backwards.
        Interlocked.Exchange(ref shown.FilesTotal, files);
        Interlocked.Exchange(ref shown.BytesTotal, bytes);
    }
}
