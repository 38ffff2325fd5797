using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>A file of a folder, with its holes.</summary>
internal sealed class PosixSourceFile : ISourceFile
{
    private readonly Descriptor file;
    private readonly bool sparse;
    private readonly FileStatus atOpen;
    private long position;
    private long stretchEnd;
    private bool started;

    /// <exception cref="SourceChangedException">It is no file any more.</exception>
    public PosixSourceFile(Descriptor file, SourceItem item)
    {
        this.file = file;
        sparse = item.Sparse;
        atOpen = file.Status();
        if (!atOpen.IsRegular)
        {
            throw new SourceChangedException("was replaced by something else while it was read");
        }

        var modified = atOpen.Modified.TotalNanoseconds;
        Entry = atOpen.Size == item.Entry.Size && modified == item.Entry.ModifiedNanoseconds
            ? item.Entry
            : item.Entry with { Size = atOpen.Size, ModifiedNanoseconds = modified, Stamp = "" };
    }

    public TreeEntry Entry { get; }

    public long HoleAtEnd { get; private set; }

    public long? NextStretch()
    {
        if (!sparse)
        {
            if (started)
            {
                return null;
            }

            started = true;
            stretchEnd = long.MaxValue;
            return 0;
        }

        var from = started ? stretchEnd : 0;
        started = true;
        if (file.NextData(from) is not { } data)
        {
            HoleAtEnd = Math.Max(0, file.Status().Size - from);
            return null;
        }

        position = data;
        stretchEnd = file.NextHole(data);
        return data - from;
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var want = (int)Math.Min(buffer.Length, stretchEnd - position);
        var count = want == 0 ? 0 : file.Read(buffer.Span[..want], position);
        position += count;
        return new(count);
    }

    public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) =>
        new(file.Status().SameContentAs(atOpen));

    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return default;
    }
}
