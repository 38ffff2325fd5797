using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace KubectlMlopsBackup.UnitTests.Seed;

/// <summary>Makes and removes files whose names are no UTF-8, which .NET's own calls cannot.</summary>
internal static unsafe partial class OddNames
{
    private const int CreateWriteOnly = 0x41;

    /// <summary>An empty file whose name is the single byte <paramref name="name"/>.</summary>
    public static void Create(string directory, byte name)
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(directory), (byte)'/', name, 0];
        fixed (byte* p = path)
        {
            using var handle = new SafeFileHandle(Open(p, CreateWriteOnly, 0x1A4), ownsHandle: true);
            if (handle.IsInvalid)
            {
                throw new IOException($"open: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }

    /// <summary>.NET cannot delete it either.</summary>
    public static void Delete(string directory, byte name)
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(directory), (byte)'/', name, 0];
        fixed (byte* p = path)
        {
            if (Unlink(p) != 0)
            {
                throw new IOException($"unlink: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true)]
    private static partial int Unlink(byte* path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte* path, int flags, uint mode);
}
