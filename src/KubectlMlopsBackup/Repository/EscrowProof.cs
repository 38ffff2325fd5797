using System.Text.Json;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository;

/// <summary>Says that a passphrase which is kept outside of all that is backed up was proven to open the repository.</summary>
/// <param name="Time">When.</param>
/// <param name="Key">Id of the key file that it opens.</param>
internal sealed record EscrowProof(DateTimeOffset Time, string Key)
{
    public const string Prefix = "escrows/";
    public const int MaxSize = 64 << 10;

    public async Task RecordAsync(BackupRepository repository, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, RepositoryJson.Default.EscrowProof);
        var bytes = SmallObject.Encode(new WritingSession(repository.Secrets), ObjectKind.Escrow, json);
        await repository.Store.PutAsync(ObjectName.Of(Prefix, Time, bytes), bytes, cancellationToken);
    }

    /// <summary>The newest of a key that is still there; null where there is none, or none can be read.</summary>
    public static async Task<EscrowProof?> NewestAsync(BackupRepository repository, CancellationToken cancellationToken)
    {
        var proofs = await ObjectReader.ReadAllAsync(
            repository, Prefix, ObjectKind.Escrow, MaxSize, (bytes, key) => ObjectReader.Json(bytes, key, RepositoryJson.Default.EscrowProof), cancellationToken);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var found in repository.Store.ListAsync(KeyFile.Prefix, cancellationToken))
        {
            keys.Add(found.Key[KeyFile.Prefix.Length..]);
        }

        return proofs.Found.Select(p => p.Value).Where(p => keys.Contains(p.Key)).MaxBy(p => p.Time);
    }
}
