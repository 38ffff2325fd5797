using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Repository.Snapshots;

/// <summary>Says that snapshots were proven good.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How deeply.</param>
/// <param name="Snapshots">Their ids.</param>
internal sealed record Verification(DateTimeOffset Time, VerificationLevel Level, IReadOnlyList<string> Snapshots)
{
    public const string Prefix = "verifications/";
    public const int MaxSize = 16 << 20;
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
}
