using System.Security.Cryptography;

namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>One salt and one running counter: no nonce is used twice. Safe for concurrent use.</summary>
internal sealed class WritingSession(RepositorySecrets secrets)
{
    private readonly byte[] salt = RandomNumberGenerator.GetBytes(ObjectHeader.SaltSize);
    private long counter;

    public RepositorySecrets Secrets { get; } = secrets;

    /// <summary>Of what this session seals; empty where nothing is encrypted.</summary>
    public ReadOnlySpan<byte> Salt => Secrets.Encrypted ? salt : [];

    /// <summary>
    /// Of packs, encrypted or not: no two sessions ever write a pack of the same name, so that a prune, which deletes by name,
    /// cannot take away what a backup has just stored anew.
    /// </summary>
    public ReadOnlySpan<byte> PackSalt => salt;

    public ulong NextCounter() => (ulong)Interlocked.Increment(ref counter);

    public FrameCipher Cipher(ObjectKind kind) => new(Secrets, kind, salt);
}
