using System.Runtime.CompilerServices;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>
/// Artifacts below a prefix of a bucket. An object that has kept ETag, size and time is not read again, so one that a lifecycle rule
/// moved to an archive after it was backed up does no harm. Empty objects whose key ends in a slash ("folders") are kept as they are.
/// </summary>
internal sealed class S3Source : IArtifactSource
{
    private readonly S3Connection bucket;
    private readonly PathFilter filter;
    private readonly S3Denials denials = new();

    /// <exception cref="UserError">Half a pair of keys.</exception>
    public S3Source(S3StoreSettings settings, PathFilter filter, TimeProvider clock)
    {
        bucket = new S3Connection(settings, clock);
        this.filter = filter;
        SmallReadsAtOnce = Math.Clamp(settings.Parallelism, 8, 16);
    }

    public string Description => bucket.Settings.ToString();

    public int SmallReadsAtOnce { get; }

    public async IAsyncEnumerable<SourceItem> WalkAsync(
        PathShare? share, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var listed in S3Listing.RunAsync(bucket, cancellationToken))
        {
            if ((listed.Path.Length == 0 && listed.Size == 0) || filter.Excludes(listed.Path))
            {
                // The first is the "folder" that the prefix itself is.
                continue;
            }

            if (share?.Takes(listed.Path) == false)
            {
                continue;
            }

            yield return new SourceItem { Entry = Entry(listed), Problem = Problem(listed) };
        }
    }

    public async ValueTask<ISourceFile> OpenAsync(SourceItem item, CancellationToken cancellationToken) =>
        await S3SourceFile.OpenAsync(bucket, item.Entry, denials, cancellationToken);

    /// <summary>Opens what is at a path now, whether a walk has found it or not.</summary>
    /// <exception cref="SourceChangedException">Nothing is there.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async ValueTask<ISourceFile> OpenAsync(byte[] path, CancellationToken cancellationToken) =>
        await S3SourceFile.OpenAsync(bucket, path, denials, cancellationToken);

    public void Dispose() => bucket.Dispose();

    private static TreeEntry Entry(S3ListedObject listed) => new()
    {
        Type = EntryType.S3Object,
        Path = listed.Path,
        Size = listed.Size,
        Stamp = listed.ETag,
        ModifiedNanoseconds = S3Time.ToNanoseconds(listed.Modified),
    };

    private string? Problem(S3ListedObject listed)
    {
        if (listed.Path.Length == 0)
        {
            return "is named as the prefix itself, and so has no name below it";
        }

        return S3Key.Of(bucket, listed.Path, out var reason) is null ? reason : null;
    }
}
