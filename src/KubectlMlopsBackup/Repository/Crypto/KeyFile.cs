using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>The repository's secrets, wrapped by one key (docs/repository-format.md, "keys/").</summary>
internal sealed record KeyFile
{
    public const string Prefix = "keys/";
    public const int MaxSize = 64 << 10;

    private const int TagSize = 16;

    /// <summary>How the wrapping key is had: <see cref="PassphraseKey.Kdf"/> or <see cref="Kms.KmsKey.Kdf"/>.</summary>
    public required string Kdf { get; init; }

    /// <summary>Of scrypt; null of others.</summary>
    public int? N { get; init; }

    /// <summary>Of scrypt; null of others.</summary>
    public int? R { get; init; }

    /// <summary>Of scrypt; null of others.</summary>
    public int? P { get; init; }

    /// <summary>Of scrypt, hex; null of others.</summary>
    public string? Salt { get; init; }

    /// <summary>ARN of the KMS key under which the wrapping key is; null where there is none. Said by whoever wrote the file.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The wrapping key as KMS has encrypted it, hex; null where there is none.</summary>
    public string? KmsWrappedKey { get; init; }

    public required string Nonce { get; init; }

    public required string Sealed { get; init; }

    /// <summary>Who holds the key; readable by everyone who can read the repository.</summary>
    public required string Label { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Seals the secrets under a wrapping key.</summary>
    /// <param name="kdf">How that key is had.</param>
    /// <param name="wrappingKey">32 bytes. Overwritten with zeros.</param>
    /// <returns>The file, but for what the kdf needs.</returns>
    public static KeyFile Seal(string kdf, byte[] wrappingKey, RepositorySecrets secrets, string repositoryId, string label, DateTimeOffset created)
    {
        var nonce = RandomNumberGenerator.GetBytes(12);
        byte[] plain = [.. secrets.DataKey!, .. secrets.Seed];
        var sealedBytes = new byte[plain.Length + TagSize];
        using (var aes = Cipher(wrappingKey))
        {
            aes.Encrypt(nonce, plain, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), Encoding.ASCII.GetBytes(repositoryId));
        }

        CryptographicOperations.ZeroMemory(plain);
        return new KeyFile { Kdf = kdf, Nonce = Convert.ToHexStringLower(nonce), Sealed = Convert.ToHexStringLower(sealedBytes), Label = label, Created = created };
    }

    /// <summary>Opens what <see cref="Seal"/> has sealed.</summary>
    /// <param name="wrappingKey">32 bytes; asked for only when the file is found to be well made. Overwritten with zeros.</param>
    /// <param name="name">Of the object, for messages.</param>
    /// <returns>Null where the wrapping key is another.</returns>
    /// <exception cref="RepositoryDamagedException">Values that no writer writes.</exception>
    public async Task<RepositorySecrets?> OpenAsync(Func<Task<byte[]?>> wrappingKey, string repositoryId, string name)
    {
        var bytes = Hex(Sealed, name);
        var nonce = Hex(Nonce, name);
        var plain = new byte[RepositorySecrets.DataKeySize + RepositorySecrets.SeedSize];
        if (bytes.Length != plain.Length + TagSize || nonce.Length != AesGcm.NonceByteSizes.MaxSize)
        {
            throw new RepositoryDamagedException(name, "has secrets of a wrong length");
        }

        if (await wrappingKey() is not { } key)
        {
            return null;
        }

        try
        {
            using var aes = Cipher(key);
            aes.Decrypt(nonce, bytes.AsSpan(0, plain.Length), bytes.AsSpan(plain.Length), plain, Encoding.ASCII.GetBytes(repositoryId));
            return new RepositorySecrets(plain[..RepositorySecrets.DataKeySize], plain[RepositorySecrets.DataKeySize..]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
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

    /// <exception cref="RepositoryDamagedException">It is not hex.</exception>
    public static byte[] Hex(string? text, string name)
    {
        try
        {
            return Convert.FromHexString(text ?? "");
        }
        catch (FormatException e)
        {
            throw new RepositoryDamagedException(name, "is not a key file", e);
        }
    }

    private static AesGcm Cipher(byte[] wrappingKey)
    {
        var aes = new AesGcm(wrappingKey, TagSize);
        CryptographicOperations.ZeroMemory(wrappingKey);
        return aes;
    }
}
