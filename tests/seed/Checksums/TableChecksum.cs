namespace KubectlMlopsBackup.Seed.Checksums;

/// <param name="Name">With its schema.</param>
/// <param name="Sha256">Sum, modulo 2^256, of the hashes of the rows: the order of the rows does not matter, their number does.</param>
internal sealed record TableChecksum(string Name, long Rows, string Sha256);
