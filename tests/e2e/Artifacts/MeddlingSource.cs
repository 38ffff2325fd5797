using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Sources.Artifacts;

namespace KubectlMlopsBackup.EndToEndTests.Artifacts;

/// <summary>Does something to the source once it is listed, before anything is read.</summary>
internal sealed class MeddlingSource(IArtifactSource inner, Func<Task> meddle) : IArtifactSource
{
    private readonly SemaphoreSlim gate = new(1);
    private bool done;

    public string Description => inner.Description;

    public int SmallReadsAtOnce => inner.SmallReadsAtOnce;

    public IAsyncEnumerable<SourceItem> WalkAsync(PathShare? share, CancellationToken cancellationToken) => inner.WalkAsync(share, cancellationToken);

    public async ValueTask<ISourceFile> OpenAsync(SourceItem item, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!done)
            {
                await meddle();
                done = true;
            }
        }
        finally
        {
            gate.Release();
        }

        return await inner.OpenAsync(item, cancellationToken);
    }

    public void Dispose()
    {
        gate.Dispose();
        inner.Dispose();
    }
}
