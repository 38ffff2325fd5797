namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>A directory of client tools: the real ones, but for those a test replaces by a shell script.</summary>
internal sealed class FakeTools : IDisposable
{
    public FakeTools(params (string Name, string Script)[] replaced)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        foreach (var name in new[] { "pg_dump", "pg_dumpall", "pg_restore", "psql" })
        {
            File.CreateSymbolicLink(Path.Combine(Folder, name), Path.Combine(PostgresServer.Bin, name));
        }

        foreach (var (name, script) in replaced)
        {
            var path = Path.Combine(Folder, name);
            File.Delete(path);
            File.WriteAllText(path, $"#!/bin/sh\nreal={Path.Combine(PostgresServer.Bin, name)}\n{script}\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlopsbackup-tools-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
