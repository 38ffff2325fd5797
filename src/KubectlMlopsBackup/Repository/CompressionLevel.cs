namespace KubectlMlopsBackup.Repository;

/// <summary>How hard to compress. The number is zstd's level.</summary>
internal enum CompressionLevel
{
    None = 0,
    Fast = 1,
    Default = 3,
    Better = 9,
}
