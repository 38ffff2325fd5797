namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>Packs that nothing referenced at a time. They are deleted when that still holds after the grace period.</summary>
/// <param name="Time">When they were found.</param>
/// <param name="Packs">Their ids, in hex.</param>
internal sealed record Mark(DateTimeOffset Time, IReadOnlyList<string> Packs)
{
    public const string Prefix = "marks/";
    public const int MaxSize = 256 << 20;
}
