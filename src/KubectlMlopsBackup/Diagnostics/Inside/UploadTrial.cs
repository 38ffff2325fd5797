using Amazon.Runtime;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>
/// Tries whether an upload in parts can be given up. What is large is written so, and what is not given up after a failure is paid for and seen by no list of objects.
/// </summary>
internal sealed class UploadTrial(S3Connection connection, string fullKey)
{
    public const string Right = "s3:AbortMultipartUpload";

    /// <summary>Rights are looked at before uploads are: who may not abort is told so of one that never was, and nothing is left behind.</summary>
    private const string NeverBegun = "doctor-never-began-this";

    /// <exception cref="AmazonServiceException">The store could not be asked, for another reason than a right or a feature.</exception>
    public async Task<UploadTrialResult> RunAsync(CancellationToken cancellationToken)
    {
        if (!await MayAbortAsync(NeverBegun, cancellationToken))
        {
            return new UploadTrialResult(MayAbort: false);
        }

        string upload;
        try
        {
            var start = S3PutRequests.Start(connection, fullKey, new S3PutFeatures(NoOverwrite: false, Checksum: false));
            upload = (await connection.Retry.RunAsync(guard => connection.Client.InitiateMultipartUploadAsync(start, guard.Token), cancellationToken)).UploadId;
        }
        catch (AmazonServiceException e) when (S3Faults.TroubleOf(e) == S3Trouble.Denied || S3Faults.IsRefusedFeature(e))
        {
            return new UploadTrialResult(MayAbort: null);
        }

        return await MayAbortAsync(upload, cancellationToken)
            ? new UploadTrialResult(MayAbort: true)
            : new UploadTrialResult(MayAbort: false) { Left = $"bucket {connection.Bucket}, key {fullKey}, upload {upload}" };
    }

    private async Task<bool> MayAbortAsync(string upload, CancellationToken cancellationToken)
    {
        var request = new AbortMultipartUploadRequest { BucketName = connection.Bucket, Key = fullKey, UploadId = upload };
        try
        {
            await connection.Retry.RunAsync(guard => connection.Client.AbortMultipartUploadAsync(request, guard.Token), cancellationToken);
            return true;
        }
        catch (AmazonServiceException e) when (S3Faults.TroubleOf(e) == S3Trouble.Denied)
        {
            return false;
        }
        catch (AmazonServiceException e) when (S3Connection.IsNotFound(e) || e.ErrorCode == "NoSuchUpload" || (upload == NeverBegun && S3Faults.IsRefusedFeature(e)))
        {
            // There is none of that name, or by that name there never could be.
            return true;
        }
    }
}
