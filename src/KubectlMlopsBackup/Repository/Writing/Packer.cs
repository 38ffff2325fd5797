using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Packs;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>
/// Fills packs of one kind, and hands the full ones over. Safe for concurrent use: one caller at a time appends,
/// and while too many packs are on their way to the store, all wait.
/// </summary>
internal sealed class Packer(
    BackupRepository repository,
    WritingSession session,
    ObjectKind kind,
    int packSize,
    Func<PackBuilder, CancellationToken, ValueTask> full) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private PackBuilder? open;

    public async ValueTask AppendAsync(PackedChunk chunk, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            open ??= new PackBuilder(repository.Store, session, kind);
            open.Append(chunk, frame.Span);
            if (open.Length >= packSize)
            {
                await HandOverAsync(cancellationToken);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Hands over the last pack, however small.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (open is not null)
            {
                await HandOverAsync(cancellationToken);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (open is not null)
        {
            await open.DisposeAsync();
        }

        turn.Dispose();
    }

    private ValueTask HandOverAsync(CancellationToken cancellationToken)
    {
        var pack = open!;
        open = null;
        return full(pack, cancellationToken);
    }
}
