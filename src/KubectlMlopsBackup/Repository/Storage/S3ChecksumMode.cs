namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>
/// Whether the SDK adds checksums of its own, in trailers that many S3-compatible stores refuse.
/// The SHA-256 of each object is sent either way, in a header, until a store refuses that too.
/// </summary>
internal enum S3ChecksumMode
{
    WhenRequired,
    WhenSupported,
}
