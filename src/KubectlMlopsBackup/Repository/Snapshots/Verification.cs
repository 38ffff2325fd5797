using System.Text.Json;
using System.Text.Json.Serialization;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Snapshots;

/// <summary>Says that snapshots were proven good; of the level <see cref="VerificationLevel.Mlflow"/>, what came of comparing them.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How deeply.</param>
/// <param name="Snapshots">Their ids.</param>
internal sealed record Verification(DateTimeOffset Time, VerificationLevel Level, IReadOnlyList<string> Snapshots)
{
    public const string Prefix = "verifications/";
    public const int MaxSize = 16 << 20;

    /// <summary>What came of holding a database against its artifacts; null of all other levels.</summary>
    public ConsistencyProof? Consistency { get; init; }

    /// <summary>Writes it. A repository that may only be read, or is full, is proven all the same: then there is just no record.</summary>
    public async Task RecordAsync(BackupRepository repository, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, RepositoryJson.Default.Verification);
        var bytes = SmallObject.Encode(new WritingSession(repository.Secrets), ObjectKind.Verification, json);
        try
        {
            await repository.Store.PutAsync(ObjectName.Of(Prefix, Time, bytes), bytes, cancellationToken);
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            // See above.
        }
    }
}

internal enum VerificationLevel
{
    /// <summary>Everything that the snapshot needs is there, by name and size.</summary>
    [JsonStringEnumMemberName("structure")]
    Structure,

    /// <summary>Every byte of it was read and checked.</summary>
    [JsonStringEnumMemberName("data")]
    Data,

    /// <summary>It was restored.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,

    /// <summary>The database's references and the artifacts were held against each other. No proof of the bytes, and none deeper than the others.</summary>
    [JsonStringEnumMemberName("mlflow")]
    Mlflow,
}
