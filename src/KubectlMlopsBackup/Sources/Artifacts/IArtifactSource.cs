using KubectlMlopsBackup.Repository.Shares;

namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>Where artifacts are read from: a folder or an S3 prefix.</summary>
internal interface IArtifactSource : IDisposable
{
    /// <summary>For people: a path or <c>s3://bucket/prefix</c>.</summary>
    string Description { get; }

    /// <summary>How many small files are worth reading at once: 1 on a disk, more where each costs a round trip.</summary>
    int SmallReadsAtOnce { get; }

    /// <summary>Everything there, in the order of a tree.</summary>
    /// <param name="share">Only what is in this share; null for all. Every path that the walk comes by is offered to it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    IAsyncEnumerable<SourceItem> WalkAsync(PathShare? share, CancellationToken cancellationToken);

    /// <summary>Opens a file that the walk found.</summary>
    /// <exception cref="SourceChangedException">It is gone, or is another.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    ValueTask<ISourceFile> OpenAsync(SourceItem item, CancellationToken cancellationToken);
}
