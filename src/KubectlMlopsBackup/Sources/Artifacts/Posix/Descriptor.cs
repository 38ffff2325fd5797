using System.Runtime.InteropServices;
using KubectlMlopsBackup.Repository.Trees;
using Microsoft.Win32.SafeHandles;

namespace KubectlMlopsBackup.Sources.Artifacts.Posix;

/// <summary>
/// An open file or folder, and what can be done relative to it. Paths are raw bytes. No call follows a
/// symbolic link in its last component.
/// </summary>
internal sealed unsafe class Descriptor : SafeHandleMinusOneIsInvalid
{
    private const uint BasicStatus = 0x7ff;
    private const int MaxTarget = 4096;

    private static volatile bool lacksOpenAt2;

    private Descriptor(int fd)
        : base(ownsHandle: true) => SetHandle(fd);

    private int Fd => (int)handle;

    /// <summary>Opens a folder that the user named; links in it are followed.</summary>
    /// <exception cref="PosixException">It cannot be opened.</exception>
    public static Descriptor OpenRoot(string path)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(path + "\0");
        fixed (byte* p = bytes)
        {
            return Checked(
                LibC.OpenAt(LibC.AtFdCwd, p, LibC.OpenReadOnly | LibC.OpenDirectory | LibC.OpenCloseOnExec, 0),
                "open", bytes.AsSpan(0, bytes.Length - 1));
        }
    }

    /// <summary>Opens a folder some way below, and follows no link on the way.</summary>
    public Descriptor OpenDirectoryBelow(ReadOnlySpan<byte> path) =>
        OpenBelow(path, LibC.OpenReadOnly | LibC.OpenDirectory);

    /// <summary>Opens a file some way below for reading; follows no link on the way, and never waits (a pipe would).</summary>
    public Descriptor OpenFileBelow(ReadOnlySpan<byte> path) =>
        OpenBelow(path, LibC.OpenReadOnly | LibC.OpenNonBlocking);

    public Descriptor OpenDirectory(ReadOnlySpan<byte> path) =>
        Open(path, LibC.OpenReadOnly | LibC.OpenDirectory, 0);

    /// <summary>Opens a file for reading, and never waits (a pipe would).</summary>
    public Descriptor OpenFile(ReadOnlySpan<byte> path) =>
        Open(path, LibC.OpenReadOnly | LibC.OpenNonBlocking, 0);

    public Descriptor CreateFile(ReadOnlySpan<byte> path, uint mode) =>
        Open(path, LibC.OpenReadWrite | LibC.OpenCreate | LibC.OpenExclusive, mode);

    /// <summary>Makes a file that is written past the page cache: at multiples of the block size only, from memory that is aligned to it.</summary>
    /// <returns>Null where the file system cannot do that; nothing is left then.</returns>
    public Descriptor? TryCreateDirectFile(ReadOnlySpan<byte> path, uint mode)
    {
        try
        {
            return Open(path, LibC.OpenReadWrite | LibC.OpenCreate | LibC.OpenExclusive | LibC.OpenDirect, mode);
        }
        catch (PosixException e) when (e.IsInvalid)
        {
            // The flag is looked at when the file is there already.
            if (TryStatusOf(path, out _))
            {
                Delete(path, isDirectory: false);
            }

            return null;
        }
    }

    public FileStatus Status()
    {
        FileStatus status;
        byte nothing = 0;
        Check(LibC.StatX(Fd, &nothing, LibC.AtEmptyPath, BasicStatus, &status), "stat", []);
        return status;
    }

    public FileStatus StatusOf(ReadOnlySpan<byte> path) =>
        TryStatusOf(path, out var status) ? status : throw Error("stat", path);

    /// <returns>False where it cannot be had; the reason is in errno.</returns>
    public bool TryStatusOf(ReadOnlySpan<byte> path, out FileStatus status)
    {
        fixed (FileStatus* s = &status)
        fixed (byte* p = Terminated(path))
        {
            return LibC.StatX(Fd, p, LibC.AtSymlinkNoFollow, BasicStatus, s) == 0;
        }
    }

    /// <returns>Bytes read; less than asked for only at the end.</returns>
    public int Read(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            fixed (byte* p = buffer[total..])
            {
                var count = LibC.PRead(Fd, p, buffer.Length - total, offset + total);
                if (count < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted)
                {
                    continue;
                }

                Check((int)Math.Min(count, 0), "read", []);
                if (count == 0)
                {
                    break;
                }

                total += (int)count;
            }
        }

        return total;
    }

    public void Write(ReadOnlySpan<byte> data, long offset)
    {
        while (!data.IsEmpty)
        {
            fixed (byte* p = data)
            {
                var count = LibC.PWrite(Fd, p, data.Length, offset);
                if (count < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted)
                {
                    continue;
                }

                Check((int)Math.Min(count, 0), "write", []);
                data = data[(int)count..];
                offset += count;
            }
        }
    }

    /// <summary>Where data begins at or after <paramref name="offset"/>; null where only a hole is left.</summary>
    public long? NextData(long offset)
    {
        var position = LibC.LSeek(Fd, offset, LibC.SeekData);
        if (position >= 0)
        {
            return position;
        }

        return Marshal.GetLastPInvokeError() == LibC.NoSuchDeviceOrAddress ? null : throw Error("lseek", []);
    }

    /// <summary>Where the data at <paramref name="offset"/> ends.</summary>
    public long NextHole(long offset)
    {
        var position = LibC.LSeek(Fd, offset, LibC.SeekHole);
        return position >= 0 ? position : throw Error("lseek", []);
    }

    public void Truncate(long length) => Check(LibC.FTruncate(Fd, length), "truncate", []);

    public void SetMode(int mode) => Check(LibC.FChMod(Fd, (uint)mode), "chmod", []);

    public byte[] ReadLink(ReadOnlySpan<byte> path)
    {
        Span<byte> target = stackalloc byte[MaxTarget];
        fixed (byte* p = Terminated(path))
        fixed (byte* t = target)
        {
            var length = LibC.ReadLinkAt(Fd, p, t, target.Length);
            return length >= 0 ? target[..(int)length].ToArray() : throw Error("readlink", path);
        }
    }

    public void MakeLink(ReadOnlySpan<byte> target, ReadOnlySpan<byte> path)
    {
        fixed (byte* t = Terminated(target))
        fixed (byte* p = Terminated(path))
        {
            Check(LibC.SymLinkAt(t, Fd, p), "symlink", path);
        }
    }

    /// <summary>A second name, here, for the file of that name in <paramref name="from"/>.</summary>
    public void MakeHardLink(Descriptor from, ReadOnlySpan<byte> existing, ReadOnlySpan<byte> path)
    {
        fixed (byte* e = Terminated(existing))
        fixed (byte* p = Terminated(path))
        {
            Check(LibC.LinkAt(from.Fd, e, Fd, p, 0), "link", path);
        }
    }

    /// <returns>False where something of that name is there already.</returns>
    public bool MakeDirectory(ReadOnlySpan<byte> path, uint mode)
    {
        fixed (byte* p = Terminated(path))
        {
            if (LibC.MkDirAt(Fd, p, mode) == 0)
            {
                return true;
            }
        }

        return Marshal.GetLastPInvokeError() == LibC.Exists ? false : throw Error("mkdir", path);
    }

    public void Delete(ReadOnlySpan<byte> path, bool isDirectory)
    {
        fixed (byte* p = Terminated(path))
        {
            Check(LibC.UnlinkAt(Fd, p, isDirectory ? LibC.AtRemoveDir : 0), "unlink", path);
        }
    }

    /// <summary>Moves a name of this folder into another, in the place of what has that name there.</summary>
    public void Rename(ReadOnlySpan<byte> from, Descriptor toFolder, ReadOnlySpan<byte> to)
    {
        fixed (byte* f = Terminated(from))
        fixed (byte* t = Terminated(to))
        {
            Check(LibC.RenameAt(Fd, f, toFolder.Fd, t), "rename", to);
        }
    }

    /// <summary>
    /// Has the kernel begin to write a part of this file to the disk, without waiting: the final sync then finds little left to do.
    /// Not every file system can; that does no harm.
    /// </summary>
    public void StartWriteback(long offset, long length)
    {
        const uint write = 2;
        _ = LibC.SyncFileRange(Fd, offset, length, write);
    }

    /// <summary>Makes everything on this file system durable.</summary>
    public void SyncFileSystem() => Check(LibC.SyncFs(Fd), "syncfs", []);

    /// <summary>Owner of a name here; empty: of this descriptor itself.</summary>
    public void SetOwner(ReadOnlySpan<byte> path, uint uid, uint gid)
    {
        fixed (byte* p = Terminated(path))
        {
            Check(LibC.FChOwnAt(Fd, p, uid, gid, FlagsFor(path)), "chown", path);
        }
    }

    /// <summary>Modification time of a name here; empty: of this descriptor itself.</summary>
    public void SetModified(ReadOnlySpan<byte> path, long nanoseconds)
    {
        var seconds = Math.DivRem(nanoseconds, 1_000_000_000, out var rest);
        if (rest < 0)
        {
            seconds--;
            rest += 1_000_000_000;
        }

        const long omit = (1L << 30) - 2;
        var times = stackalloc long[] { 0, omit, seconds, rest };
        if (path.IsEmpty)
        {
            Check(LibC.FUTimeNs(Fd, times), "futimens", []);
            return;
        }

        fixed (byte* p = Terminated(path))
        {
            Check(LibC.UTimeNsAt(Fd, p, times, LibC.AtSymlinkNoFollow), "utimens", path);
        }
    }

    /// <summary>Calls back for every name in this folder but "." and "..".</summary>
    public void ForEachName(NameAction action)
    {
        // fdopendir takes the descriptor over, so it gets one of its own.
        using var own = Open("."u8, LibC.OpenReadOnly | LibC.OpenDirectory, 0);
        var stream = LibC.FdOpenDir(own.Fd);
        if (stream == 0)
        {
            throw Error("opendir", []);
        }

        own.SetHandleAsInvalid();
        try
        {
            while (true)
            {
                Marshal.SetLastSystemError(0);
                var entry = LibC.ReadDir(stream);
                if (entry is null)
                {
                    if (Marshal.GetLastPInvokeError() != 0)
                    {
                        throw Error("readdir", []);
                    }

                    return;
                }

                // struct dirent64: ino 8, off 8, reclen 2, type 1, name.
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + 19);
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    action(name, entry[18]);
                }
            }
        }
        finally
        {
            _ = LibC.CloseDir(stream);
        }
    }

    /// <param name="name">Valid during the call only.</param>
    /// <param name="type">DT_DIR is 4; 0 means unknown.</param>
    public delegate void NameAction(ReadOnlySpan<byte> name, byte type);

    protected override bool ReleaseHandle() => LibC.Close(Fd) == 0;

    private static int FlagsFor(ReadOnlySpan<byte> path) => path.IsEmpty ? LibC.AtEmptyPath : LibC.AtSymlinkNoFollow;

    private static byte[] Terminated(ReadOnlySpan<byte> path)
    {
        var bytes = new byte[path.Length + 1];
        path.CopyTo(bytes);
        return bytes;
    }

    private static Descriptor Checked(int fd, string call, ReadOnlySpan<byte> path) =>
        fd >= 0 ? new Descriptor(fd) : throw Error(call, path);

    private static void Check(int result, string call, ReadOnlySpan<byte> path)
    {
        if (result < 0)
        {
            throw Error(call, path);
        }
    }

    private static PosixException Error(string call, ReadOnlySpan<byte> path) =>
        new(Marshal.GetLastPInvokeError(), path.IsEmpty ? call : $"{call} {TreePath.Escape(path)}");

    private Descriptor OpenBelow(ReadOnlySpan<byte> path, int flags)
    {
        if (!path.Contains((byte)'/'))
        {
            return Open(path, flags, 0);
        }

        var how = stackalloc ulong[]
        {
            (ulong)(uint)(flags | LibC.OpenNoFollow | LibC.OpenCloseOnExec), 0, LibC.ResolveInside,
        };
        fixed (byte* p = Terminated(path))
        {
            while (!lacksOpenAt2)
            {
                var fd = (int)LibC.OpenAt2Call((nint)LibC.OpenAt2, Fd, p, how, 3 * sizeof(ulong));
                var error = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
                switch (error)
                {
                    case LibC.TryAgain or LibC.Interrupted:
                        continue;
                    // Linux before 5.6, and container runtimes that forbid calls they do not know.
                    case LibC.NoSuchCall or LibC.NotPermitted:
                        lacksOpenAt2 = true;
                        break;
                    // Longer than a path may be, but each component is not.
                    case LibC.NameTooLong:
                        return Walk(path, flags);
                    default:
                        return Checked(fd, "open", path);
                }
            }
        }

        return Walk(path, flags);
    }

    /// <summary>Opens one component after the other.</summary>
    private Descriptor Walk(ReadOnlySpan<byte> path, int flags)
    {
        Descriptor? at = null;
        try
        {
            for (var slash = path.IndexOf((byte)'/'); slash >= 0; slash = path.IndexOf((byte)'/'))
            {
                var next = (at ?? this).OpenDirectory(path[..slash]);
                at?.Dispose();
                at = next;
                path = path[(slash + 1)..];
            }

            return (at ?? this).Open(path, flags, 0);
        }
        finally
        {
            at?.Dispose();
        }
    }

    private Descriptor Open(ReadOnlySpan<byte> path, int flags, uint mode)
    {
        fixed (byte* p = Terminated(path))
        {
            return Checked(
                LibC.OpenAt(Fd, p, flags | LibC.OpenNoFollow | LibC.OpenCloseOnExec, mode), "open", path);
        }
    }
}
