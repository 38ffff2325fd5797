using System.Runtime.InteropServices;

namespace KubectlMlopsBackup.Sources.Artifacts.Posix;

[StructLayout(LayoutKind.Sequential)]
internal struct FileTime
{
    public long Seconds;
    public uint Nanoseconds;
    private readonly int spare;

    /// <summary>Since 1970; good for the years 1678 to 2262.</summary>
    public readonly long TotalNanoseconds => unchecked((Seconds * 1_000_000_000) + Nanoseconds);
}
