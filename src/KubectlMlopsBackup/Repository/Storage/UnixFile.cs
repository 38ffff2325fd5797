using System.Runtime.InteropServices;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>What .NET's file API lacks: a move that never replaces, and a durable folder. Every Unix has these calls.</summary>
internal static partial class UnixFile
{
    public const int PermissionDenied = 1;
    public const int NotFound = 2;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    private const int Interrupted = 4;
    private const int InvalidArgument = 22;
    private const int AtWorkingFolder = -100;
    private const uint NoReplace = 1;

    /// <summary>O_CLOEXEC: a child process started meanwhile must not inherit the folder.</summary>
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>
    /// Moves a file onto a name that must be free, in one step that either happened or did not.
    /// </summary>
    /// <returns>0, or the errno. <see cref="Exists"/> where the name is taken.</returns>
    public static int MoveNoReplace(string from, string to)
    {
        if (Link(from, to) == 0)
        {
            // The object is in place. A leftover second name in tmp/ goes with the stale ones.
            _ = Unlink(from);
            return 0;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error is Exists or NotFound or CrossDevice || !OperatingSystem.IsLinux())
        {
            return error;
        }

        // File systems without hard links (vfat, some FUSE and SMB mounts) answer EPERM, ENOTSUP or ENOSYS.
        return Rename(AtWorkingFolder, from, AtWorkingFolder, to, NoReplace) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Makes the names in a folder durable. File systems that cannot sync a folder (EINVAL) have no need to.</summary>
    /// <exception cref="IOException">The disk failed, or the folder is gone.</exception>
    public static void SyncFolder(string path)
    {
        var descriptor = Open(path, CloseOnExec);
        if (descriptor < 0)
        {
            throw Failure("open", path);
        }

        try
        {
            while (Fsync(descriptor) != 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case Interrupted:
                        continue;
                    case InvalidArgument:
                        return;
                    default:
                        throw Failure("sync", path);
                }
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string verb, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"cannot {verb} {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
