namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <param name="Path">The key below the prefix, as bytes; empty for an object that is named as the prefix itself.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ETag">Without quotes; empty where the store has none.</param>
/// <param name="Modified">As the store rounds it (AWS: seconds).</param>
internal sealed record S3ListedObject(byte[] Path, long Size, string ETag, DateTimeOffset Modified);
