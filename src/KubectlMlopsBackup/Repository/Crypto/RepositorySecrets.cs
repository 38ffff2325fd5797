using System.Security.Cryptography;

namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>What a key unlocks: the data key and the chunker's seed, 32 bytes each.</summary>
internal sealed class RepositorySecrets
{
    public const int DataKeySize = 32;
    public const int SeedSize = 32;

    /// <param name="dataKey">32 bytes; null in a repository that is not encrypted.</param>
    /// <param name="seed">32 bytes.</param>
    public RepositorySecrets(byte[]? dataKey, byte[] seed)
    {
        DataKey = dataKey;
        Seed = seed;
    }

    public byte[]? DataKey { get; }

    public byte[] Seed { get; }

    public bool Encrypted => DataKey is not null;

    /// <param name="encrypted">Whether to draw a data key.</param>
    /// <param name="seed">The seed of a repository to share chunks with, or null for a new one.</param>
    public static RepositorySecrets Create(bool encrypted, byte[]? seed) =>
        new(
            encrypted ? RandomNumberGenerator.GetBytes(DataKeySize) : null,
            seed ?? RandomNumberGenerator.GetBytes(SeedSize));
}
