using System.Diagnostics;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>A small file system in memory, to be filled up or made read-only.</summary>
internal sealed class TemporaryFileSystem : IDisposable
{
    private TemporaryFileSystem(string path) => Path = path;

    public string Path { get; }

    /// <summary>Skips the test where mounting is not permitted.</summary>
    public static TemporaryFileSystem Mount(int mebibytes) => MountA("tmpfs", "-o", $"size={mebibytes}m");

    /// <summary>One that can do little: no writing past the page cache, no size of its own. Skips the test where mounting is not permitted.</summary>
    public static TemporaryFileSystem MountPlain() => MountA("ramfs");

    private static TemporaryFileSystem MountA(string type, params string[] options)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Assert.Skip($"mounting a {type} needs root on Linux");
        }

        var path = Directory.CreateTempSubdirectory("mlopsbackup-tmpfs-").FullName;
        Run("mount", ["-t", type, .. options, type, path]);
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
