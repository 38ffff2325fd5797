using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.Repository.Storage;

/// <param name="Size">In bytes.</param>
/// <param name="IsLocked">Retention or legal hold, as far as we may see it.</param>
internal sealed record S3ObjectHead(long Size, bool IsLocked)
{
    public static S3ObjectHead Of(GetObjectMetadataResponse answer) => new(
        answer.ContentLength,
        answer.ObjectLockMode is not null || answer.ObjectLockLegalHoldStatus == ObjectLockLegalHoldStatus.On);

    /// <summary>Stores deny the deletion of a locked object with the code of a missing permission.</summary>
    public static bool SpeaksOfLock(AmazonServiceException failure) =>
        failure.ErrorCode is "ObjectLocked" or "InvalidObjectState"
        || (failure.ErrorCode == "AccessDenied" && LockWords.Any(word =>
            failure.Message.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static readonly string[] LockWords = ["retention", "legal hold", "object lock", "worm", "locked", "protected"];
}
