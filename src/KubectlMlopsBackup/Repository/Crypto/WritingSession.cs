using System.Security.Cryptography;

namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>One salt and one running counter: no nonce is used twice. Safe for concurrent use.</summary>
internal sealed class WritingSession(RepositorySecrets secrets)
{
    private readonly byte[] salt = secrets.Encrypted ? RandomNumberGenerator.GetBytes(ObjectHeader.SaltSize) : [];
    private long counter;

    public RepositorySecrets Secrets { get; } = secrets;

    public ReadOnlySpan<byte> Salt => salt;

    public ulong NextCounter() => (ulong)Interlocked.Increment(ref counter);

    public FrameCipher Cipher(ObjectKind kind) => new(Secrets, kind, salt);
}
