using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Org.BouncyCastle.Crypto.Generators;

namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>The repository's secrets, wrapped by one passphrase (docs/repository-format.md, "keys/").</summary>
internal sealed record KeyFile
{
    public const string Prefix = "keys/";
    public const int MaxSize = 64 << 10;

    private const int TagSize = 16;

    /// <summary>Bytes that scrypt may take: N=2^20, r=8.</summary>
    private const long MostMemory = 1L << 30;

    public required string Kdf { get; init; }

    public required int N { get; init; }

    public required int R { get; init; }

    public required int P { get; init; }

    public required string Salt { get; init; }

    public required string Nonce { get; init; }

    public required string Sealed { get; init; }

    /// <summary>Who holds the passphrase; readable by everyone who can read the repository.</summary>
    public required string Label { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <param name="secrets">Of an encrypted repository.</param>
    /// <param name="repositoryId">Bound to it: the file opens no other repository.</param>
    /// <param name="passphrase">Not empty.</param>
    /// <param name="label">A name for people.</param>
    /// <param name="created">Now.</param>
    public static KeyFile Wrap(
        RepositorySecrets secrets, string repositoryId, string passphrase, string label, DateTimeOffset created)
    {
        // N=2^16, r=8: 64 MiB and some 0.2 s a guess. OWASP's password storage cheat sheet asks for this much;
        // more would not fit beside the pipeline in a small Job.
        const int n = 1 << 16, r = 8, p = 1;
        var salt = RandomNumberGenerator.GetBytes(16);
        var nonce = RandomNumberGenerator.GetBytes(12);
        byte[] plain = [.. secrets.DataKey!, .. secrets.Seed];
        var sealedBytes = new byte[plain.Length + TagSize];
        using (var aes = Cipher(passphrase, salt, n, r, p))
        {
            aes.Encrypt(
                nonce,
                plain,
                sealedBytes.AsSpan(0, plain.Length),
                sealedBytes.AsSpan(plain.Length),
                Encoding.ASCII.GetBytes(repositoryId));
        }

        CryptographicOperations.ZeroMemory(plain);
        return new KeyFile
        {
            Kdf = "scrypt",
            N = n,
            R = r,
            P = p,
            Salt = Convert.ToHexStringLower(salt),
            Nonce = Convert.ToHexStringLower(nonce),
            Sealed = Convert.ToHexStringLower(sealedBytes),
            Label = label,
            Created = created,
        };
    }

    /// <returns>Null where the passphrase is not this file's.</returns>
    /// <exception cref="RepositoryDamagedException">Values that no writer writes.</exception>
    public RepositorySecrets? Unwrap(string repositoryId, string passphrase, string key)
    {
        if (Kdf != "scrypt" || N is < 1024 or > (1 << 20) || (N & (N - 1)) != 0 || R < 1 || P < 1 || (long)R * P > 64
            || (long)N * R > MostMemory / 128)
        {
            throw new RepositoryDamagedException(key, "asks for a key derivation that no writer asks for");
        }

        try
        {
            var bytes = Convert.FromHexString(Sealed);
            var plain = new byte[RepositorySecrets.DataKeySize + RepositorySecrets.SeedSize];
            if (bytes.Length != plain.Length + TagSize)
            {
                throw new RepositoryDamagedException(key, "has secrets of a wrong length");
            }

            using var aes = Cipher(passphrase, Convert.FromHexString(Salt), N, R, P);
            aes.Decrypt(
                Convert.FromHexString(Nonce),
                bytes.AsSpan(0, plain.Length),
                bytes.AsSpan(plain.Length),
                plain,
                Encoding.ASCII.GetBytes(repositoryId));
            return new RepositorySecrets(
                plain[..RepositorySecrets.DataKeySize], plain[RepositorySecrets.DataKeySize..]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new RepositoryDamagedException(key, "is not a key file", e);
        }
    }

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, RepositoryJson.Default.KeyFile);

    /// <exception cref="RepositoryDamagedException">Its name is not its hash, or it is no key file.</exception>
    public static KeyFile Decode(byte[] bytes, string key)
    {
        ObjectName.Check(key, bytes);
        try
        {
            return JsonSerializer.Deserialize(bytes, RepositoryJson.Default.KeyFile)
                ?? throw new RepositoryDamagedException(key, "is empty");
        }
        catch (JsonException e)
        {
            throw new RepositoryDamagedException(key, "is not a key file", e);
        }
    }

    private static AesGcm Cipher(string passphrase, byte[] salt, int n, int r, int p)
    {
        var key = SCrypt.Generate(Encoding.UTF8.GetBytes(passphrase), salt, n, r, p, 32);
        // scrypt's 64 MiB would stay beside the pipeline's own buffers until the collector has a reason to run.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var aes = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
        return aes;
    }
}
