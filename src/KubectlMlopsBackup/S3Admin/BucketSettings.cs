using KubectlMlopsBackup.S3Admin.Settings;

namespace KubectlMlopsBackup.S3Admin;

/// <summary>All that is set on a bucket.</summary>
internal static class BucketSettings
{
    /// <summary>Of all settings, as <see cref="IBucketSetting.Permission"/> has them.</summary>
    public static IReadOnlyList<string> Permissions { get; } =
    [
        PublicAccessSetting.S3Permission, OwnershipSetting.S3Permission, VersioningSetting.S3Permission, EncryptionSetting.S3Permission,
        TlsPolicySetting.S3Permission, LifecycleSetting.S3Permission, ObjectLockSetting.S3Permission, ReplicationSetting.S3Permission,
    ];

    /// <summary>In the order in which they are set: who may reach the bucket before anything else, locks after versioning.</summary>
    public static IReadOnlyList<IBucketSetting> Of(BucketClient client) =>
    [
        new PublicAccessSetting(client),
        new OwnershipSetting(client),
        new VersioningSetting(client),
        new EncryptionSetting(client),
        new TlsPolicySetting(client),
        new LifecycleSetting(client),
        new ObjectLockSetting(client),
        new ReplicationSetting(client),
    ];
}
