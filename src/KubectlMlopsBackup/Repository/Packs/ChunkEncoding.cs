namespace KubectlMlopsBackup.Repository.Packs;

internal enum ChunkEncoding : byte
{
    Plain = 0,
    Zstd = 1,
}
