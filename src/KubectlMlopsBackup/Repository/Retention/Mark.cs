namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>Packs that nothing referenced at a time. They are deleted when that still holds after the grace period.</summary>
/// <param name="Time">When they were found.</param>
/// <param name="Packs">Their ids, in hex. Backups that begin later do not use what is in them.</param>
/// <param name="Orphans">
/// Packs that no index named: garbage of a run that was cut off, or of one that was still at work. Once they have an index they are no
/// orphans any more, and this mark does not hold for them.
/// </param>
internal sealed record Mark(DateTimeOffset Time, IReadOnlyList<string> Packs, IReadOnlyList<string> Orphans)
{
    public const string Prefix = "marks/";
    public const int MaxSize = 256 << 20;
}
