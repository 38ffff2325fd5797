using Amazon.S3.Model;

namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>A fresh object is locked, and its version cannot be deleted. Only where the bucket locks by itself: no lock is made for the trial.</summary>
internal sealed class LockProbe : IStoreProbe
{
    public string Ability => "object lock";

    public bool Required => false;

    public string Without => "whoever may delete versions can delete backups: keep that right from the backup's identity (s3 policy --write-only), or set setup.objectLock in the plan";

    public async Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        var put = await scope.PutPlainAsync("locked", [1], cancellationToken);
        var head = await scope.HeadAsync("locked", checksum: false, cancellationToken);
        if (head?.ObjectLockMode is null)
        {
            return new ProbeResult(false, "a new object has no lock");
        }

        var delete = new DeleteObjectRequest { BucketName = scope.Client.Bucket, Key = scope.Key("locked"), VersionId = put.VersionId };
        var refusal = await ProbeScope.RefusalAsync(() => scope.Client.SendAsync((s3, token) => s3.DeleteObjectAsync(delete, token), cancellationToken));
        return refusal is null
            ? new ProbeResult(false, $"a new object is locked ({head.ObjectLockMode}), but its version could be deleted")
            : new ProbeResult(true, $"a new object is locked ({head.ObjectLockMode}) until {head.ObjectLockRetainUntilDate?.ToUniversalTime():u}; deleting its version: {ProbeScope.Line(refusal)}");
    }
}
