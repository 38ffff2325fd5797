using System.Diagnostics;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>A small file system in memory, to be filled up or made read-only.</summary>
internal sealed class TemporaryFileSystem : IDisposable
{
    private TemporaryFileSystem(string path) => Path = path;

    public string Path { get; }

    /// <summary>Skips the test where mounting is not permitted.</summary>
    public static TemporaryFileSystem Mount(int mebibytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Assert.Skip("mounting a tmpfs needs root on Linux");
        }

        var path = Directory.CreateTempSubdirectory("mlopsbackup-tmpfs-").FullName;
        Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", path);
        return new TemporaryFileSystem(path);
    }

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
