using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>
/// Tries each right that a backup needs of an S3 store, one by one, on an object of its own: so that all that is lacking is named at once.
/// </summary>
internal sealed class StoreTrial(S3Connection connection)
{
    /// <summary>Always the same, with the same content: who may write and not delete leaves one small object, not one a look.</summary>
    public const string Folder = "doctor/";

    public const string Key = Folder + "probe";

    public static readonly byte[] Content = Encoding.ASCII.GetBytes("kubectl-mlopsbackup doctor: this object may be deleted\n");

    /// <summary>Policies that forbid overwriting let only such writes pass.</summary>
    private static readonly S3PutFeatures Best = new(NoOverwrite: true, Checksum: true);

    private readonly List<string> lacking = [];

    private string FullKey => connection.Prefix + Key;

    /// <exception cref="UserError">The store could not be asked, for another reason than a right.</exception>
    /// <exception cref="IOException">As above.</exception>
    public async Task<StoreTrialResult> RunAsync(CancellationToken cancellationToken)
    {
        var checksums = await WrongSumAsync(cancellationToken);
        var written = await TryAsync("s3:PutObject", token => WriteAsync(token), cancellationToken);
        var listed = false;
        var mayList = await TryAsync("s3:ListBucket", async token => listed = await IsListedAsync(token), cancellationToken);
        byte[]? read = null;
        // To who may not list, what is not there looks forbidden.
        var mayRead = !(written || mayList) || await TryAsync("s3:GetObject", async token => read = await ReadAsync(token), cancellationToken);
        UploadTrialResult? upload = null;
        if (written)
        {
            await TryAsync(UploadTrial.Right, async token => upload = await new UploadTrial(connection, FullKey).RunAsync(token), cancellationToken);
        }

        var rights = lacking.ToList();
        lacking.Clear();
        var kept = false;
        var mayDelete = await TryAsync("s3:DeleteObject", async token => kept = await IsKeptAsync(token), cancellationToken);
        return new StoreTrialResult(rights, mayDelete, kept, checksums)
        {
            Upload = upload,
            IsOther = written && mayRead && read is not null && !read.AsSpan().SequenceEqual(Content),
            IsUnlisted = written && mayList && !listed,
        };
    }

    /// <summary>Before all else, while nothing is there: a store that looks at the sum of what arrives takes nothing.</summary>
    private async Task<string> WrongSumAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Not tried again: that it is damaged is what is asked for.
            await PutOnceAsync(SHA256.HashData([]), Best, cancellationToken);
            return "it takes an object with a wrong SHA-256; backups check theirs when they read";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e switch
            {
                AmazonServiceException when S3Faults.IsDamage(e) => "it refuses an object with a wrong SHA-256",
                AmazonServiceException when S3Faults.IsRefusedFeature(e) => "it refuses an object with a wrong SHA-256, or knows no such sums; backups check theirs when they read",
                _ => "whether it checks a SHA-256 could not be tried",
            };
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var sum = SHA256.HashData(Content);
        try
        {
            await PutAsync(sum, Best, cancellationToken);
        }
        catch (AmazonServiceException e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            // It is there from an earlier look: so it may be written.
        }
        catch (AmazonServiceException e) when (S3Faults.IsRefusedFeature(e))
        {
            foreach (var weaker in Best.Weaker())
            {
                try
                {
                    await PutAsync(sum, weaker, cancellationToken);
                    return;
                }
                catch (AmazonServiceException again) when (S3Faults.IsRefusedFeature(again))
                {
                    // The store knows even less.
                }
            }

            throw;
        }
    }

    private Task<PutObjectResponse> PutAsync(byte[] sum, S3PutFeatures features, CancellationToken cancellationToken) =>
        connection.Retry.RunAsync(guard => PutOnceAsync(sum, features, guard.Token), cancellationToken);

    private async Task<PutObjectResponse> PutOnceAsync(byte[] sum, S3PutFeatures features, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(Content);
        return await connection.Client.PutObjectAsync(S3PutRequests.Put(connection, FullKey, body, Content.Length, sum, features), cancellationToken);
    }

    private async Task<bool> IsListedAsync(CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = connection.Bucket, Prefix = connection.Prefix + Folder };
        var page = await connection.Retry.RunAsync(guard => connection.Client.ListObjectsV2Async(request, guard.Token), cancellationToken);
        return page.S3Objects?.Exists(o => o.Key == FullKey) == true;
    }

    /// <returns>Null where it is not there.</returns>
    private async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var bytes = new byte[Content.Length];
            var read = await connection.Retry.RunAsync(new S3RangeRead(connection.Client, connection.Bucket, FullKey, 0, bytes).TryAsync, cancellationToken);
            return bytes[..read];
        }
        catch (AmazonServiceException e) when (S3Connection.IsNotFound(e))
        {
            return null;
        }
    }

    private async Task<bool> IsKeptAsync(CancellationToken cancellationToken)
    {
        var request = new DeleteObjectRequest { BucketName = connection.Bucket, Key = FullKey };
        try
        {
            await connection.Retry.RunAsync(guard => connection.Client.DeleteObjectAsync(request, guard.Token), cancellationToken);
            return false;
        }
        catch (AmazonServiceException e) when (S3Connection.IsNotFound(e))
        {
            return false;
        }
        catch (AmazonServiceException e) when (S3ObjectHead.SpeaksOfLock(e))
        {
            return true;
        }
    }

    /// <returns>Whether it is allowed.</returns>
    private async Task<bool> TryAsync(string action, Func<CancellationToken, Task> request, CancellationToken cancellationToken)
    {
        try
        {
            await request(cancellationToken);
            return true;
        }
        catch (AmazonServiceException e) when (S3Faults.TroubleOf(e) == S3Trouble.Denied)
        {
            lacking.Add(action);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw connection.Explain(e, action, FullKey);
        }
    }
}
