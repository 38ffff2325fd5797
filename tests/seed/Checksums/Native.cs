using System.Runtime.InteropServices;

namespace KubectlMlopsBackup.Seed.Checksums;

/// <summary>
/// The few calls of Linux's C library that .NET has no equivalent for: owners, nanoseconds, and names that are not UTF-8.
/// Paths are bytes with a zero at the end.
/// </summary>
internal static unsafe partial class Native
{
    public const int TypeMask = 0xF000;
    public const int DirectoryType = 0x4000;
    public const int RegularType = 0x8000;
    public const int LinkType = 0xA000;

    private const int AtFdCwd = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Never follows a symbolic link.</summary>
    public static Status Stat(byte[] path)
    {
        Status status;
        fixed (byte* p = path)
        {
            Check(StatX(AtFdCwd, p, NoFollow, BasicStats, &status), path);
        }

        return status;
    }

    public static Microsoft.Win32.SafeHandles.SafeFileHandle Open(byte[] path)
    {
        int descriptor;
        fixed (byte* p = path)
        {
            descriptor = OpenAt(AtFdCwd, p, ReadOnlyCloseOnExec);
        }

        Check(descriptor, path);
        return new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
    }

    public static byte[] ReadLink(byte[] path)
    {
        var target = new byte[4096];
        nint length;
        fixed (byte* p = path, t = target)
        {
            length = ReadLink(p, t, (nuint)target.Length);
        }

        Check((int)length, path);
        return target[..(int)length];
    }

    /// <summary>Names in the directory, unsorted, without "." and "..".</summary>
    public static List<byte[]> List(byte[] path)
    {
        nint directory;
        fixed (byte* p = path)
        {
            directory = OpenDir(p);
        }

        Check(directory == 0 ? -1 : 0, path);
        var names = new List<byte[]>();
        try
        {
            while (ReadDir(directory) is var entry && entry != null)
            {
                // struct dirent of 64-bit Linux: inode 8, offset 8, length 2, type 1, then the name.
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + 19);
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add(name.ToArray());
                }
            }
        }
        finally
        {
            _ = CloseDir(directory);
        }

        return names;
    }

    private static void Check(int result, byte[] path)
    {
        if (result < 0)
        {
            throw new IOException($"{System.Text.Encoding.UTF8.GetString(path).TrimEnd('\0')}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatX(int directory, byte* path, int flags, uint mask, Status* status);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLink(byte* path, byte* target, nuint size);

    [LibraryImport("libc", EntryPoint = "opendir", SetLastError = true)]
    private static partial nint OpenDir(byte* path);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    private static partial byte* ReadDir(nint directory);

    [LibraryImport("libc", EntryPoint = "closedir", SetLastError = true)]
    private static partial int CloseDir(nint directory);

    /// <summary>struct statx, the same on every architecture: the fields that are used, at their offsets.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct Status
    {
        [FieldOffset(20)]
        public uint Uid;

        [FieldOffset(24)]
        public uint Gid;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;
    }
}
