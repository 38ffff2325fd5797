using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using KubectlMlopsBackup.Repository.Chunking;

namespace KubectlMlopsBackup.Repository;

/// <summary>The content of <c>repository.json</c>.</summary>
internal sealed record RepositoryConfig
{
    public const string Key = "repository.json";
    public const int CurrentFormat = 1;
    public const string NotEncrypted = "none";
    public const string Aes256Gcm = "aes-256-gcm";

    private const int MaxSize = 64 << 10;

    public required int Format { get; init; }

    /// <summary>32 hex digits, random.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary><see cref="NotEncrypted"/> or <see cref="Aes256Gcm"/>.</summary>
    public required string Encryption { get; init; }

    public required ChunkerParameters Chunker { get; init; }

    /// <summary>64 hex digits; null where encrypted (it is among the wrapped secrets then).</summary>
    public string? Seed { get; init; }

    [JsonIgnore]
    public bool Encrypted => Encryption == Aes256Gcm;

    public byte[] Encode()
    {
        var value = JsonSerializer.SerializeToUtf8Bytes(this, RepositoryJson.Default.RepositoryConfig);
        var sum = Convert.ToHexStringLower(SHA256.HashData(value));
        return [.. "{\"repository\":"u8, .. value, .. ",\"sha256\":\""u8, .. System.Text.Encoding.ASCII.GetBytes(sum), .. "\"}\n"u8];
    }

    /// <exception cref="RepositoryDamagedException">Not exactly what a writer writes.</exception>
    /// <exception cref="UserError">A newer format.</exception>
    public static RepositoryConfig Decode(byte[] bytes, string location)
    {
        try
        {
            if (bytes.Length > MaxSize)
            {
                throw new RepositoryDamagedException(Key, "is too large");
            }

            using var document = JsonDocument.Parse(bytes);
            var value = document.RootElement.GetProperty("repository");
            var format = value.GetProperty("format").GetInt32();
            if (format > CurrentFormat)
            {
                throw new UserError(
                    $"{location} has repository format {format}, this program knows formats up to {CurrentFormat}",
                    "use the newer version of kubectl-mlopsbackup that wrote it");
            }

            var config = value.Deserialize(RepositoryJson.Default.RepositoryConfig)
                ?? throw new RepositoryDamagedException(Key, "is empty");
            if (!config.Encode().AsSpan().SequenceEqual(bytes))
            {
                throw new RepositoryDamagedException(Key, "does not match its own checksum");
            }

            config.Check();
            return config;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new RepositoryDamagedException(Key, "is not what a repository begins with", e);
        }
    }

    private void Check()
    {
        if (Format < 1 || !Chunker.IsValid() || Id.Length != 32
            || Encryption is not (NotEncrypted or Aes256Gcm)
            || (Seed is { Length: 64 } && Seed.All(char.IsAsciiHexDigitLower)) == Encrypted)
        {
            throw new RepositoryDamagedException(Key, "has values that make no sense");
        }
    }
}
