using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>A file being read, once, from its start.</summary>
internal interface ISourceFile : IAsyncDisposable
{
    /// <summary>The walk's entry, with size, time and stamp as they were when it was opened.</summary>
    TreeEntry Entry { get; }

    /// <summary>Reads on, in the file's data; 0 at the end of a stretch of data.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>
    /// Goes to the next stretch of data; the answer is the length of the hole before it, or null after the last. A file
    /// without holes is one stretch with an empty hole before it.
    /// </summary>
    long? NextStretch();

    /// <summary>Length of the hole at the end, in bytes. Valid after the last stretch.</summary>
    long HoleAtEnd { get; }

    /// <summary>Whether the file is still what it was when it was opened.</summary>
    ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken);
}
