using System.Text;

namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>
/// Where a restore writes files before they take their place: a folder in the target's root, so that moving them is
/// atomic. What a cut-off restore leaves in it is of no use, is never backed up, and goes with the next restore.
/// </summary>
internal static class RestoreFolder
{
    private static ReadOnlySpan<byte> Name => ".mlopsbackup-restore"u8;

    /// <param name="share">Shares that are restored at once do not take each other's away; null for the whole.</param>
    public static byte[] NameFor(int? share) =>
        share is { } index ? [.. Name, .. Encoding.ASCII.GetBytes($"-{index:d3}")] : Name.ToArray();

    public static bool Is(ReadOnlySpan<byte> path) =>
        path.StartsWith(Name)
        && (path.Length == Name.Length || (path.Length == Name.Length + 4 && path[Name.Length] == '-' && !path[^3..].ContainsAnyExceptInRange((byte)'0', (byte)'9')));
}
