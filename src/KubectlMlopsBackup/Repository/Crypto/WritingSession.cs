using System.Security.Cryptography;

namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>One salt and one running counter: no nonce is used twice. Safe for concurrent use.</summary>
internal sealed class WritingSession
{
    private readonly byte[] salt;
    private long counter;

    public WritingSession(RepositorySecrets secrets)
        : this(secrets, RandomNumberGenerator.GetBytes(ObjectHeader.SaltSize))
    {
    }

    private WritingSession(RepositorySecrets secrets, byte[] salt)
    {
        Secrets = secrets;
        this.salt = salt;
    }

    public RepositorySecrets Secrets { get; }

    /// <summary>Of what this session seals; empty where nothing is encrypted.</summary>
    public ReadOnlySpan<byte> Salt => Secrets.Encrypted ? salt : [];

    /// <summary>
    /// Of packs, encrypted or not: no two sessions ever write a pack of the same name, so that a prune, which deletes by name,
    /// cannot take away what a backup has just stored anew.
    /// </summary>
    public ReadOnlySpan<byte> PackSalt => salt;

    /// <summary>
    /// A session for one frame, whose salt comes from what it seals: the same content gives the same bytes, whoever seals it, and
    /// other content another key. The salt tells nothing of the content to whom the data key is unknown.
    /// </summary>
    public static WritingSession For(RepositorySecrets secrets, ObjectKind kind, ReadOnlySpan<byte> body)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sum.AppendData([(byte)kind]);
        sum.AppendData(body);
        return new WritingSession(
            secrets,
            secrets.DataKey is null
                ? new byte[ObjectHeader.SaltSize]
                : HKDF.DeriveKey(
                    HashAlgorithmName.SHA256, secrets.DataKey, ObjectHeader.SaltSize, sum.GetHashAndReset(), "mlopsbackup salt"u8.ToArray()));
    }

    public ulong NextCounter() => (ulong)Interlocked.Increment(ref counter);

    public FrameCipher Cipher(ObjectKind kind) => new(Secrets, kind, salt);
}
