using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;

namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>A passphrase, made to a key by scrypt.</summary>
/// <param name="passphrase">Not empty. A secret.</param>
internal sealed class PassphraseKey(string passphrase) : RepositoryKey
{
    public const string Kdf = "scrypt";

    /// <summary>Bytes that scrypt may take: N=2^20, r=8.</summary>
    private const long MostMemory = 1L << 30;

    private const int KeySize = 32;

    public override string Name => "the passphrase";

    public override string Hint => "check spec.encryption in the plan; a passphrase is compared byte for byte, less one final newline";

    public override Task<KeyFile> WrapAsync(
        RepositorySecrets secrets, string repositoryId, string label, DateTimeOffset created, CancellationToken cancellationToken)
    {
        // N=2^16, r=8: 64 MiB and some 0.2 s a guess. OWASP's password storage cheat sheet asks for this much;
        // more would not fit beside the pipeline in a small Job.
        const int n = 1 << 16, r = 8, p = 1;
        var salt = RandomNumberGenerator.GetBytes(16);
        var file = KeyFile.Seal(Kdf, Derive(salt, n, r, p), secrets, repositoryId, label, created);
        return Task.FromResult(file with { N = n, R = r, P = p, Salt = Convert.ToHexStringLower(salt) });
    }

    public override async Task<RepositorySecrets?> UnwrapAsync(KeyFile file, string repositoryId, string name, CancellationToken cancellationToken)
    {
        if (file.Kdf != Kdf)
        {
            return null;
        }

        if (file is not { N: { } n, R: { } r, P: { } p }
            || n is < 1024 or > (1 << 20) || (n & (n - 1)) != 0 || r < 1 || p < 1 || (long)r * p > 64 || (long)n * r > MostMemory / 128)
        {
            throw new RepositoryDamagedException(name, "asks for a key derivation that no writer asks for");
        }

        var salt = KeyFile.Hex(file.Salt, name);
        return await file.OpenAsync(() => Task.FromResult<byte[]?>(Derive(salt, n, r, p)), repositoryId, name);
    }

    private byte[] Derive(byte[] salt, int n, int r, int p)
    {
        var key = SCrypt.Generate(Encoding.UTF8.GetBytes(passphrase), salt, n, r, p, KeySize);
        // scrypt's 64 MiB would stay beside the pipeline's own buffers until the collector has a reason to run.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return key;
    }
}
