namespace KubectlMlopsBackup.Configuration;

/// <summary>How <c>s3 setup</c> makes a repository's bucket, beside what always holds.</summary>
internal sealed class S3SetupSpec
{
    /// <summary>Days that what was deleted or overwritten can still be had back.</summary>
    public int NoncurrentDays { get; set; } = PlanDefaults.NoncurrentDays;

    /// <summary>Days after which an upload that was never finished is removed.</summary>
    public int AbortMultipartDays { get; set; } = PlanDefaults.AbortMultipartDays;

    public S3ObjectLockSpec? ObjectLock { get; set; }

    public S3ReplicationSpec? Replication { get; set; }
}
