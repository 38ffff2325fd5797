namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>
/// Where a restore writes files before they take their place: a folder in the target's root, so that moving them is
/// atomic. What a cut-off restore leaves in it is of no use, is never backed up, and goes with the next restore.
/// </summary>
internal static class RestoreFolder
{
    public static ReadOnlySpan<byte> Name => ".mlopsbackup-restore"u8;

    public static bool Is(ReadOnlySpan<byte> path) => path.SequenceEqual(Name);
}
