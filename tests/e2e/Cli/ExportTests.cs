using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary>What is exported is read by the plain tools, without this program.</summary>
[Collection(CliTests.Name)]
public sealed class ExportTests(PlatformServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sql_is_restored_by_gunzip_and_psql()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var export = await platform.DoneAsync("export", "postgres");
        var file = Path.Combine(platform.Root, export.Output.Trim());
        Assert.Matches($"^{platform.Database}_[0-9]{{8}}T[0-9]{{6}}Z\\.sql\\.gz$", Path.GetFileName(file));

        await RestoreAsync(platform, "by_psql", "gunzip -c \"$1\" | \"$BIN/psql\" -X -q -v ON_ERROR_STOP=1 -o /dev/null", file);
    }

    [Fact]
    public async Task A_dump_is_restored_by_pg_restore()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var file = Path.Combine(platform.Root, "export.dump");
        await platform.DoneAsync("export", "postgres", "--format", "dump", "--file", file);

        await RestoreAsync(platform, "by_pg_restore", "\"$BIN/pg_restore\" --exit-on-error -d \"$PGDATABASE\" \"$1\"", file);
    }

    [Theory]
    [InlineData("tar.gz", "tar -xzpf")]
    [InlineData("tar.zst", "tar --use-compress-program=unzstd -xpf")]
    public async Task Artifacts_are_unpacked_by_tar(string format, string tar)
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var file = Path.Combine(platform.Root, $"export.{format}");
        await platform.DoneAsync("export", "artifacts", "--format", format, "--file", file);
        await CheckTreeAsync(platform, tar, file);
    }

    [Fact]
    public async Task Standard_output_gets_the_same_and_nothing_else()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var tar = await platform.DoneAsync("export", "artifacts", "--file", "-");
        var tarFile = Path.Combine(platform.Root, "piped.tar.gz");
        await File.WriteAllBytesAsync(tarFile, tar.OutputBytes, Token);
        await CheckTreeAsync(platform, "tar -xzpf", tarFile);

        var sql = await platform.DoneAsync("export", "postgres", "--file", "-");
        var sqlFile = Path.Combine(platform.Root, "piped.sql.gz");
        await File.WriteAllBytesAsync(sqlFile, sql.OutputBytes, Token);
        await RestoreAsync(platform, "by_pipe", "gunzip -c \"$1\" | \"$BIN/psql\" -X -q -v ON_ERROR_STOP=1 -o /dev/null", sqlFile);
    }

    [Fact]
    public async Task A_file_that_exists_is_not_overwritten_and_a_format_must_fit()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var file = platform.Secret("mine", "precious");
        var before = Directory.GetFileSystemEntries(platform.Root).Length;

        (await platform.RunAsync("export", "artifacts", "--file", file)).Expect(ExitCode.Usage).SaysWithFix(file, "--file");
        (await platform.RunAsync("export", "artifacts", "--format", "dump")).Expect(ExitCode.Usage).SaysWithFix("--format dump", "tar.gz");
        (await platform.RunAsync("export", "postgres", "--file", "/no/such/folder/x.sql.gz")).Expect(ExitCode.Failed).Says("/no/such/folder");

        Assert.Equal("precious\n", await File.ReadAllTextAsync(file, Token));
        Assert.Equal(before, Directory.GetFileSystemEntries(platform.Root).Length);
    }

    private static async Task CheckTreeAsync(Platform platform, string tar, string file)
    {
        var target = Path.Combine(platform.Root, "unpacked");
        Directory.CreateDirectory(target);
        await ShellAsync($"{tar} \"$1\" -C \"$2\"", new Dictionary<string, string>(), file, target);
        Assert.Equal(platform.TreeSum(), platform.TreeSum(target));
    }

    private static async Task RestoreAsync(Platform platform, string suffix, string script, string file)
    {
        var database = $"{platform.Database}_{suffix}";
        await platform.Postgres.SqlAsync("postgres", $"CREATE DATABASE {database} TEMPLATE template0");
        var environment = new Dictionary<string, string>(PostgresConnections.Environment(platform.Postgres.Settings(database), database))
        {
            ["BIN"] = PostgresServer.Bin,
        };
        await ShellAsync(script, environment, file);
        Assert.Equal(await platform.DatabaseSumAsync(), await platform.DatabaseSumAsync(database));
    }

    private static async Task ShellAsync(string script, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await using var shell = ChildProcess.Start("bash", ["-c", $"set -euo pipefail; {script}", "bash", .. arguments], environment);
        shell.CloseInput();
        var code = await shell.WaitAsync(Token);
        Assert.True(code == 0, $"{script}: {code}\n{string.Join('\n', shell.ErrorLines)}");
    }
}
