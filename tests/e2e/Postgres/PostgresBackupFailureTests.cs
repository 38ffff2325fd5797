using System.Diagnostics;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.EndToEndTests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class PostgresBackupFailureTests(PostgresServer server)
{
    private const string TwentyMegabytes =
        "CREATE TABLE public.t AS SELECT i AS a, repeat(md5(i::text), 31) AS b FROM generate_series(1, 20000) i";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_said_and_not_shown()
    {
        var error = await FailsAsync(server.Settings("postgres", password: "not-the-password"));
        Assert.Contains("refuses the password of user boss", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-password", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named()
    {
        var error = await FailsAsync(server.Settings("nowhere"));
        Assert.Contains("has no database nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var error = await FailsAsync(server.Settings("postgres") with { Port = 1 });
        Assert.Contains("127.0.0.1:1 cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Fix);
    }

    [Fact]
    public async Task A_server_without_tls_is_refused_where_tls_is_wanted()
    {
        var error = await FailsAsync(server.Settings("postgres") with { SslMode = "require" });
        Assert.Contains("SSL", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Client_tools_older_than_the_server_are_refused_with_both_versions()
    {
        using var tools = new FakeTools(("pg_dump", "echo 'pg_dump (PostgreSQL) 11.22 (Debian 11.22-1)'"));
        var error = await FailsAsync(server.Settings("postgres") with { ClientToolsDirectory = tools.Folder });
        Assert.Contains("11.22", error.Message, StringComparison.Ordinal);
        Assert.Contains($"older than the server's {PostgresServer.Major}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"postgresql-client-{PostgresServer.Major}", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_are_found_without_being_told_where()
    {
        var tools = await ClientToolsFinder.FindAsync(PostgresServer.Major, null, Token);
        Assert.Equal(PostgresServer.Major, tools.Major);
        var error = await Assert.ThrowsAsync<UserError>(() => ClientToolsFinder.FindAsync(99, null, Token));
        Assert.Contains("older than the server's 99", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<UserError>(() => ClientToolsFinder.FindAsync(15, "/nonexistent", Token));
        Assert.Contains("/nonexistent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_may_not_be_read_fails_the_backup()
    {
        await server.SqlAsync("postgres", "CREATE ROLE half LOGIN PASSWORD 'half'");
        await server.SqlAsync("postgres", "CREATE DATABASE half");
        await server.SqlAsync("half", "CREATE TABLE public.open AS SELECT 1 AS a; CREATE TABLE public.closed (a int); GRANT SELECT ON public.open TO half");
        var error = await FailsAsync(server.Settings("half", "half", "half"));
        Assert.Contains("closed", error.Message, StringComparison.Ordinal);
        Assert.Contains("pg_read_all_data", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_hidden_by_row_level_security_fail_the_backup()
    {
        await server.SqlAsync("postgres", "CREATE ROLE veiled LOGIN PASSWORD 'veiled'");
        await server.SqlAsync("postgres", "CREATE DATABASE veiled");
        await server.SqlAsync(
            "veiled", "CREATE TABLE public.t AS SELECT 1 AS a; GRANT SELECT ON public.t TO veiled; ALTER TABLE public.t ENABLE ROW LEVEL SECURITY");
        var error = await FailsAsync(server.Settings("veiled", "veiled", "veiled"));
        Assert.Contains("row-level security", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_whose_pg_dump_dies_half_way_is_never_stored()
    {
        await server.SqlAsync("postgres", "CREATE DATABASE dying");
        await server.SqlAsync("dying", TwentyMegabytes);
        using var snapshot = new FolderSnapshot();
        var killed = 0;
        snapshot.OnWrite = (path, size) =>
        {
            if (path == PostgresFiles.Dump && size > 3_000_000 && killed == 0)
            {
                foreach (var id in Children.Named("pg_dump"))
                {
                    killed = id;
                    using var process = Process.GetProcessById(id);
                    process.Kill();
                }
            }

            return Task.CompletedTask;
        };

        var error = await FailsAsync(server.Settings("dying"), snapshot);

        Assert.NotEqual(0, killed);
        Assert.Contains("pg_dump failed", error.Message, StringComparison.Ordinal);
        Assert.Contains("signal 9", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresFiles.Dump, snapshot.Files);
        Assert.DoesNotContain(PostgresFiles.Facts, snapshot.Files);
    }

    [Theory]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("\"$real\" \"$@\" | head -c 2000000; echo 'pg_dump: error: oh dear' >&2; exit 1", "oh dear")]
    [InlineData("\"$real\" \"$@\" | head -c 1000; exit 0", "table of contents")]
    public async Task A_pg_dump_that_writes_too_little_is_never_stored(string script, string why)
    {
        var name = $"little{script.Length}";
        await server.SqlAsync("postgres", $"CREATE DATABASE {name}");
        await server.SqlAsync(name, TwentyMegabytes);
        using var tools = new FakeTools(("pg_dump", $"[ \"$1\" = --version ] && exec \"$real\" --version\n{script}"));
        using var snapshot = new FolderSnapshot();
        var error = await FailsAsync(server.Settings(name) with { ClientToolsDirectory = tools.Folder }, snapshot);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresFiles.Dump, snapshot.Files);
    }

    [Fact]
    public async Task A_dump_that_leaves_out_a_table_is_refused()
    {
        await server.SqlAsync("postgres", "CREATE DATABASE partial");
        await server.SqlAsync("partial", "CREATE TABLE public.kept (a int); CREATE TABLE public.lost (a int)");
        using var tools = new FakeTools(("pg_dump", "[ \"$1\" = --version ] && exec \"$real\" --version\nexec \"$real\" -T lost \"$@\""));
        var error = await FailsAsync(server.Settings("partial") with { ClientToolsDirectory = tools.Folder });
        Assert.Contains("left out the rows of public.lost", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stops_in_the_middle_fails_the_backup()
    {
        await using var mortal = new PostgresServer();
        await mortal.InitializeAsync();
        await mortal.SqlAsync("postgres", TwentyMegabytes);
        using var snapshot = new FolderSnapshot();
        var stopped = false;
        snapshot.OnWrite = async (path, size) =>
        {
            if (path == PostgresFiles.Dump && size > 1_000_000 && !stopped)
            {
                stopped = true;
                await mortal.StopAsync("immediate");
            }
        };

        var error = await FailsAsync(mortal.Settings("postgres"), snapshot);

        Assert.True(stopped);
        Assert.Contains("server was stopped or restarted", error.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresFiles.Dump, snapshot.Files);
        Assert.Empty(Children.Named("pg_dump"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancellation_and_a_full_repository_end_pg_dump(bool cancel)
    {
        var name = cancel ? "cancelled" : "no_room";
        await server.SqlAsync("postgres", $"CREATE DATABASE {name}");
        await server.SqlAsync(name, TwentyMegabytes);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var snapshot = new FolderSnapshot();
        snapshot.OnWrite = async (path, size) =>
        {
            if (path == PostgresFiles.Dump && size > 1_000_000)
            {
                Assert.NotEmpty(Children.Named("pg_dump"));
                await (cancel ? stop.CancelAsync() : throw new IOException("repository full"));
            }
        };

        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            PostgresBackup.RunAsync(server.Settings(name), snapshot, null, TimeProvider.System, stop.Token));

        Assert.True(cancel ? error is OperationCanceledException : error is IOException { Message: "repository full" }, error.ToString());
        Assert.Empty(Children.Named("pg_dump"));
        Assert.DoesNotContain(PostgresFiles.Dump, snapshot.Files);
    }

    [Fact]
    public async Task Globals_that_cannot_be_read_are_a_warning_in_the_facts()
    {
        using var tools = new FakeTools(("pg_dumpall", "echo 'pg_dumpall: error: permission denied' >&2; exit 1"));
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(
            server.Settings("postgres") with { ClientToolsDirectory = tools.Folder }, snapshot, null, TimeProvider.System, Token);
        var facts = await PostgresFacts.ReadAsync(snapshot, Token);
        Assert.Contains("roles were not backed up", Assert.Single(facts.Warnings), StringComparison.Ordinal);
        Assert.Equal(0, snapshot.SizeOf(PostgresFiles.Globals));
    }

    [Fact]
    public async Task No_process_argument_holds_the_password()
    {
        var file = Path.Combine(Path.GetTempPath(), $"mlopsbackup-arguments-{Guid.NewGuid():N}");
        using var tools = new FakeTools(
            ("pg_dump", $"[ \"$1\" = --version ] || echo \"$@\" >> {file}\nexec \"$real\" \"$@\""),
            ("pg_restore", $"echo \"$@\" >> {file}\nexec \"$real\" \"$@\""),
            ("psql", $"echo \"$@\" >> {file}\nexec \"$real\" \"$@\""),
            ("pg_dumpall", $"echo \"$@\" >> {file}\nexec \"$real\" \"$@\""));
        await server.SqlAsync("postgres", "CREATE DATABASE secretive");
        await server.SqlAsync("secretive", "CREATE TABLE public.t (a int)");
        var settings = server.Settings("secretive") with { ClientToolsDirectory = tools.Folder };
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(settings, snapshot, null, TimeProvider.System, Token);
        await PostgresRestore.RunAsync(settings, snapshot, new PostgresRestoreOptions { InPlace = true }, null, TimeProvider.System, Token);
        await PostgresRestore.RunAsync(settings, snapshot, new PostgresRestoreOptions(), null, TimeProvider.System, Token);

        var arguments = await File.ReadAllTextAsync(file, Token);
        File.Delete(file);
        Assert.Contains("--snapshot", arguments, StringComparison.Ordinal);
        Assert.Contains("ON_ERROR_STOP", arguments, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Password, arguments, StringComparison.Ordinal);
    }

    private static async Task<UserError> FailsAsync(PostgresSettings settings, FolderSnapshot? snapshot = null)
    {
        using var own = new FolderSnapshot();
        return await Assert.ThrowsAsync<UserError>(() =>
            PostgresBackup.RunAsync(settings, snapshot ?? own, null, TimeProvider.System, Token));
    }
}
