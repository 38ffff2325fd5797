namespace KubectlMlopsBackup.Sources.Artifacts.S3;

internal static class S3Time
{
    /// <returns>Since 1970.</returns>
    public static long ToNanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;
}
