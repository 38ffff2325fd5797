namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>An object on its way into an <see cref="S3Store"/>: it waits in memory until its key is known.</summary>
internal sealed class PendingS3Object(S3Upload upload) : IPendingObject
{
    private readonly SegmentBuffer _content = new();
    private bool _committed;

    public long Length => _content.Length;

    public void Append(ReadOnlySpan<byte> data) => _content.Append(data);

    public async Task CommitAsync(string key, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        ObjectKey.Check(key);
        if (_committed)
        {
            throw new InvalidOperationException("the object was committed before");
        }

        cancellationToken.ThrowIfCancellationRequested();
        await upload.RunAsync(key, _content, sha256, cancellationToken);
        _committed = true;
    }

    public ValueTask DisposeAsync()
    {
        _content.Dispose();
        return ValueTask.CompletedTask;
    }
}
