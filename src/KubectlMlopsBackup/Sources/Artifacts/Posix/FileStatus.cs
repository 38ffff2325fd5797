using System.Runtime.InteropServices;

namespace KubectlMlopsBackup.Sources.Artifacts.Posix;

/// <summary>The kernel's <c>struct statx</c>: the same on every processor, unlike <c>struct stat</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FileStatus
{
    private const int TypeMask = 0xF000;

    public uint Mask;
    public uint BlockSize;
    public ulong Attributes;
    public uint LinkCount;
    public uint Uid;
    public uint Gid;
    public ushort RawMode;
    private readonly ushort spare0;
    public ulong Inode;
    public ulong RawSize;

    /// <summary>Allocated, in units of 512 bytes.</summary>
    public ulong Blocks;
    public ulong AttributesMask;
    public FileTime Accessed;
    public FileTime Born;
    public FileTime Changed;
    public FileTime Modified;
    public uint RDeviceMajor;
    public uint RDeviceMinor;
    public uint DeviceMajor;
    public uint DeviceMinor;
    private readonly ulong mountId;
    private readonly ulong dio;
    private unsafe fixed ulong spare[12];

    public readonly bool IsDirectory => (RawMode & TypeMask) == 0x4000;

    public readonly bool IsRegular => (RawMode & TypeMask) == 0x8000;

    public readonly bool IsSymbolicLink => (RawMode & TypeMask) == 0xA000;

    public readonly int Permissions => RawMode & 0xFFF;

    public readonly long Size => (long)RawSize;

    public readonly ulong Device => ((ulong)DeviceMajor << 32) | DeviceMinor;

    /// <summary>Tells that a file is the one it was: content or owner cannot change without one of these.</summary>
    public readonly string Stamp => $"{Inode}.{Changed.Seconds}.{Changed.Nanoseconds}";

    public readonly bool SameContentAs(in FileStatus other) =>
        Inode == other.Inode && Device == other.Device && Size == other.Size
        && Modified.TotalNanoseconds == other.Modified.TotalNanoseconds
        && Changed.TotalNanoseconds == other.Changed.TotalNanoseconds;
}
