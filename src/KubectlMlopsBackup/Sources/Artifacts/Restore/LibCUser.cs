using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Who this process is.</summary>
internal static class LibCUser
{
    public static uint Id { get; } = LibC.GetEUid();

    public static uint Group { get; } = LibC.GetEGid();
}
