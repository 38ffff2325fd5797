using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>
/// Whether an object of the target has an entry's content: by ETag, by the mark of an earlier restore, and where neither tells,
/// by reading it. Safe for concurrent use.
/// </summary>
internal sealed class TargetCheck(S3Connection bucket, ChunkIndex index)
{
    private readonly S3Denials denials = new();

    public async ValueTask<bool> IsEqualAsync(TreeEntry entry, S3ListedObject there, CancellationToken cancellationToken)
    {
        if (entry.Size != there.Size)
        {
            return false;
        }

        if (entry.Size == 0 || (entry.Type == EntryType.S3Object && entry.Stamp.Length > 0 && entry.Stamp == there.ETag))
        {
            return true;
        }

        return await MarkAsync(entry, cancellationToken) is not { } mark
            ? await HasContentAsync(entry, there, cancellationToken)
            : mark == ContentMark.Of(entry);
    }

    /// <returns>Null where the object has none.</returns>
    private async Task<string?> MarkAsync(TreeEntry entry, CancellationToken cancellationToken)
    {
        var key = S3Key.Of(bucket, entry.Path, out _)!;
        var request = new GetObjectMetadataRequest { BucketName = bucket.Bucket, Key = key };
        try
        {
            var head = await bucket.RunAsync(
                guard => bucket.Client.GetObjectMetadataAsync(request, guard.Token), "s3:GetObject", key, cancellationToken);
            return head.Metadata[ContentMark.Name];
        }
        catch (AmazonServiceException)
        {
            // Deleted meanwhile: it differs from any content.
            return "";
        }
    }

    private async Task<bool> HasContentAsync(TreeEntry entry, S3ListedObject there, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = await S3SourceFile.OpenAsync(
                bucket, entry with { Stamp = there.ETag, Size = there.Size }, denials, cancellationToken);
            var buffer = new byte[64 << 10];
            foreach (var segment in entry.Segments)
            {
                if (FileDelta.Expected(entry, segment, index) is not { } expected
                    || await HashAsync(file, segment.Length, buffer, cancellationToken) != expected)
                {
                    return false;
                }
            }

            return await file.IsUnchangedAsync(cancellationToken);
        }
        catch (IOException)
        {
            // Unreadable is as good as different.
            return false;
        }
    }

    private static async Task<ChunkId> HashAsync(
        S3SourceFile file, long length, byte[] buffer, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (length > 0)
        {
            var count = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), cancellationToken);
            if (count == 0)
            {
                break;
            }

            hash.AppendData(buffer, 0, count);
            length -= count;
        }

        return new ChunkId(hash.GetHashAndReset());
    }
}
