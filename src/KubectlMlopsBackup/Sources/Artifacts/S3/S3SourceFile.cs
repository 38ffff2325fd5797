using System.Net;
using Amazon.Runtime;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>
/// An object being read as one stream. A stream that breaks off is resumed where it broke, and only of the same object
/// (<c>If-Match</c>): what was read is what was there at one moment.
/// </summary>
internal sealed class S3SourceFile : ISourceFile
{
    private readonly S3Connection bucket;
    private readonly S3Denials denials;
    private readonly string key;
    private GetObjectResponse? answer;

    /// <summary>Of the object being read; empty until it is known.</summary>
    private string tag;
    private long position;
    private bool started;
    private bool replaced;

    private S3SourceFile(S3Connection bucket, string key, TreeEntry entry, S3Denials denials)
    {
        this.bucket = bucket;
        this.key = key;
        this.denials = denials;
        Entry = entry;
        tag = entry.Stamp;
    }

    public TreeEntry Entry { get; private set; }

    public long HoleAtEnd => 0;

    /// <summary>Opens the object that the listing saw, or the one that has replaced it since.</summary>
    /// <exception cref="SourceChangedException">It is gone.</exception>
    /// <exception cref="IOException">It may not be read, or is in an archive.</exception>
    public static async ValueTask<S3SourceFile> OpenAsync(
        S3Connection bucket, TreeEntry entry, S3Denials denials, CancellationToken cancellationToken) =>
        await OpenAsync(bucket, entry, denials, isListed: true, cancellationToken);

    /// <summary>Opens what is at a path, of which nothing is known yet.</summary>
    /// <exception cref="SourceChangedException">Nothing is there.</exception>
    /// <exception cref="IOException">It may not be read, or is in an archive.</exception>
    public static async ValueTask<S3SourceFile> OpenAsync(S3Connection bucket, byte[] path, S3Denials denials, CancellationToken cancellationToken) =>
        await OpenAsync(bucket, new TreeEntry { Type = EntryType.S3Object, Path = path }, denials, isListed: false, cancellationToken);

    private static async ValueTask<S3SourceFile> OpenAsync(
        S3Connection bucket, TreeEntry entry, S3Denials denials, bool isListed, CancellationToken cancellationToken)
    {
        var key = S3Key.Of(bucket, entry.Path, out var reason) ?? throw new IOException(reason);
        var file = new S3SourceFile(bucket, key, entry, denials);
        try
        {
            await file.StartAsync(isListed, cancellationToken);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public long? NextStretch()
    {
        var first = !started;
        started = true;
        return first ? 0 : null;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var want = (int)Math.Min(buffer.Length, Entry.Size - position);
        if (want == 0 || replaced)
        {
            return 0;
        }

        try
        {
            var count = await bucket.Retry.RunAsync(guard => TryReadAsync(buffer[..want], guard), cancellationToken);
            position += count;
            return count;
        }
        catch (SourceReplacedException)
        {
            replaced = true;
            return 0;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw Explain(failure);
        }
    }

    public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) => new(!replaced && position == Entry.Size);

    public ValueTask DisposeAsync()
    {
        Drop();
        return default;
    }

    private async ValueTask StartAsync(bool isListed, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                if (!isListed)
                {
                    await AdoptAsync(cancellationToken);
                }

                await ConnectAsync(cancellationToken);
            }
            catch (SourceReplacedException)
            {
                await AdoptAsync(cancellationToken);
                await ConnectAsync(cancellationToken);
            }

            denials.AddRead();
        }
        catch (SourceReplacedException)
        {
            throw new SourceChangedException("is being overwritten again and again");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw Explain(failure);
        }
    }

    private async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        if (Entry.Size > 0)
        {
            answer = await bucket.Retry.RunAsync(TryConnectAsync, cancellationToken);
        }
    }

    /// <summary>Takes the object that is there now for the one that was listed.</summary>
    private async ValueTask AdoptAsync(CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = bucket.Bucket, Key = key };
        var head = await bucket.Retry.RunAsync(
            guard => bucket.Client.GetObjectMetadataAsync(request, guard.Token), cancellationToken);
        tag = S3Tag.Of(head.ETag);
        Entry = Entry with
        {
            Size = head.ContentLength,
            Stamp = tag,
            ModifiedNanoseconds = head.LastModified is { } modified
                ? S3Time.ToNanoseconds(modified.ToUniversalTime())
                : Entry.ModifiedNanoseconds,
        };
    }

    private async Task<GetObjectResponse> TryConnectAsync(StallGuard guard)
    {
        var request = new GetObjectRequest
        {
            BucketName = bucket.Bucket,
            Key = key,
            EtagToMatch = S3Tag.Quote(tag),
            // Always a range: for a whole object the SDK checks the ETag as an MD5, which it is not in every store.
            ByteRange = new ByteRange(position, Entry.Size - 1),
        };
        GetObjectResponse opened;
        try
        {
            opened = await bucket.Client.GetObjectAsync(request, guard.Token);
        }
        catch (AmazonServiceException failure) when (failure.StatusCode
            is HttpStatusCode.PreconditionFailed or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw new SourceReplacedException(failure);
        }

        // Some stores do not know If-Match.
        tag = tag.Length == 0 ? S3Tag.Of(opened.ETag) : tag;
        if (S3Tag.Of(opened.ETag) != tag || opened.ContentLength != Entry.Size - position)
        {
            opened.Dispose();
            throw new SourceReplacedException(null);
        }

        guard.Progress();
        return opened;
    }

    private async Task<int> TryReadAsync(Memory<byte> buffer, StallGuard guard)
    {
        try
        {
            answer ??= await TryConnectAsync(guard);
            var count = await answer.ResponseStream.ReadAsync(buffer, guard.Token);
            return count > 0 ? count : throw new EndOfStreamException($"the answer ended {Entry.Size - position} bytes early");
        }
        catch
        {
            Drop();
            throw;
        }
    }

    private void Drop()
    {
        answer?.Dispose();
        answer = null;
    }

    private Exception Explain(Exception failure) => failure switch
    {
        AmazonServiceException missing when S3Connection.IsNotFound(missing) =>
            new SourceChangedException("was deleted while the backup ran"),
        AmazonServiceException { ErrorCode: "InvalidObjectState" } =>
            new IOException("is in an archive (GLACIER or DEEP_ARCHIVE): restore it in its bucket first, or exclude it", failure),
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden, ErrorCode: "AccessDenied" or "Forbidden" } =>
            denials.Add(bucket.Explain(failure, "s3:GetObject", key)),
        _ => bucket.Explain(failure, "s3:GetObject", key),
    };
}
