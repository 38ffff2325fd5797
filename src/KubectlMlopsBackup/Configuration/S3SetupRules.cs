using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Configuration;

internal static partial class S3SetupRules
{
    /// <summary>S3's own limit for a default retention and for lifecycle rules is higher; nobody means more than this.</summary>
    private const int MostDays = 36_500;

    /// <param name="path">Of the S3 section.</param>
    public static void Check(string path, RepositoryS3Spec s3, RetentionSpec retention, PlanProblems problems)
    {
        if (s3.Setup is not { } setup)
        {
            return;
        }

        CheckDays($"{path}.setup.noncurrentDays", setup.NoncurrentDays, problems);
        CheckDays($"{path}.setup.abortMultipartDays", setup.AbortMultipartDays, problems);
        if (setup.ObjectLock is { } objectLock)
        {
            CheckLock($"{path}.setup.objectLock", objectLock, retention, problems);
        }

        if (setup.Replication is { } replication)
        {
            CheckReplication($"{path}.setup.replication", replication, s3, problems);
        }
    }

    private static void CheckLock(string path, S3ObjectLockSpec objectLock, RetentionSpec retention, PlanProblems problems)
    {
        PlanText.CheckOneOf($"{path}.mode", objectLock.Mode, problems, S3ObjectLockSpec.Governance, S3ObjectLockSpec.Compliance);
        if (CheckDays($"{path}.days", objectLock.Days, problems)
            && PlanDuration.TryParse(retention.KeepWithin ?? "", out var within) && objectLock.Days < within.TotalDays)
        {
            problems.Add(
                $"{path}.days", $"{objectLock.Days}", $"at least retention.keepWithin ({retention.KeepWithin}): a backup could be deleted while it is to be kept");
        }
    }

    private static void CheckReplication(string path, S3ReplicationSpec replication, RepositoryS3Spec s3, PlanProblems problems)
    {
        if (replication.Bucket.Length == 0)
        {
            problems.AddMissing($"{path}.bucket", "the name of the bucket to copy to");
        }
        else if (!S3Rules.IsBucket(replication.Bucket) || replication.Bucket == s3.Bucket)
        {
            problems.Add($"{path}.bucket", replication.Bucket, "the name of another bucket than the repository's");
        }

        if (replication.Role is { } role && !Role().IsMatch(role))
        {
            problems.Add($"{path}.role", role, "a role's ARN such as arn:aws:iam::123456789012:role/mlops-backup-replication");
        }

        if (replication.StorageClass is { } storageClass && !S3Rules.IsStorageClass(storageClass))
        {
            problems.Add($"{path}.storageClass", storageClass, "a storage class such as STANDARD_IA or GLACIER_IR");
        }

        if (replication.KmsKeyId is { } key && !Key().IsMatch(key))
        {
            problems.Add($"{path}.kmsKeyId", key, "the ARN of a key in the region of the other bucket");
        }
        else if (replication.KmsKeyId is null && s3.ServerSideEncryption == "aws:kms")
        {
            problems.AddMissing($"{path}.kmsKeyId", "the ARN of a key in the region of the other bucket: objects that a KMS key encrypts are not copied without one");
        }
    }

    private static bool CheckDays(string path, int days, PlanProblems problems)
    {
        if (days is >= 1 and <= MostDays)
        {
            return true;
        }

        problems.Add(path, $"{days}", $"a number of days from 1 to {MostDays}");
        return false;
    }

    [GeneratedRegex(@"^arn:[a-z0-9\-]+:iam::\d{12}:role/[A-Za-z0-9+=,.@_/\-]{1,512}\z")]
    private static partial Regex Role();

    [GeneratedRegex(@"^arn:[a-z0-9\-]+:kms:[a-z0-9\-]+:\d{12}:(key|alias)/[A-Za-z0-9/_\-]{1,256}\z")]
    private static partial Regex Key();
}
