using System.Diagnostics;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.EndToEndTests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class PostgresRestoreFailureTests(PostgresServer server)
{
    private const string TwentyMegabytes =
        "CREATE TABLE public.t AS SELECT i AS a, repeat(md5(i::text), 31) AS b FROM generate_series(1, 20000) i";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Roles_that_are_missing_are_named_and_can_be_left_out()
    {
        await server.SqlAsync("postgres", "CREATE ROLE vanishing");
        using var snapshot = await BackupAsync("roles", "CREATE TABLE public.t AS SELECT 1 AS a; ALTER TABLE public.t OWNER TO vanishing");
        await server.SqlAsync("roles", "ALTER TABLE public.t OWNER TO boss");
        await server.SqlAsync("postgres", "DROP ROLE vanishing");

        var error = await FailsAsync(server.Settings("roles"), snapshot);
        Assert.Contains("vanishing", error.Message, StringComparison.Ordinal);
        Assert.Contains("--no-owner", error.Fix, StringComparison.Ordinal);

        await PostgresRestore.RunAsync(
            server.Settings("roles"), snapshot, new PostgresRestoreOptions { NoOwner = true, DropPrevious = true }, null, TimeProvider.System, Token);
        Assert.Equal("boss", await server.ScalarAsync<string>("roles", "SELECT relowner::regrole::text FROM pg_class WHERE oid = 'public.t'::regclass"));
    }

    [Fact]
    public async Task A_role_that_may_not_give_objects_away_is_told_before_anything_is_written()
    {
        await server.SqlAsync("postgres", "CREATE ROLE maker LOGIN CREATEDB PASSWORD 'maker'");
        using var snapshot = await BackupAsync("given", "CREATE TABLE public.t AS SELECT 1 AS a");
        var error = await FailsAsync(
            server.Settings("given", "maker", "maker"), snapshot, new PostgresRestoreOptions { TargetDatabase = "given_new" });
        Assert.Contains("may not make objects belong to boss", error.Message, StringComparison.Ordinal);

        error = await FailsAsync(server.Settings("given", "maker", "maker"), snapshot, new PostgresRestoreOptions { NoOwner = true });
        Assert.Contains("does not own the database given", error.Message, StringComparison.Ordinal);

        var report = await PostgresRestore.RunAsync(
            server.Settings("given", "maker", "maker"),
            snapshot,
            new PostgresRestoreOptions { TargetDatabase = "given_new", NoOwner = true },
            null,
            TimeProvider.System,
            Token);
        Assert.Equal("given_new", report.Database);
        Assert.Equal(1, await server.ScalarAsync<int>("given_new", "SELECT a FROM public.t"));
    }

    [Fact]
    public async Task Extensions_that_are_missing_are_named()
    {
        using var snapshot = await BackupAsync("extended", "CREATE EXTENSION citext");
        await EditFactsAsync(snapshot, "\"citext\"", "\"no_such_extension\"");
        var error = await FailsAsync(server.Settings("extended"), snapshot);
        Assert.Contains("no_such_extension", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_older_than_the_backup_is_refused()
    {
        using var snapshot = await BackupAsync("newer", "SELECT 1");
        await EditFactsAsync(snapshot, "\"serverVersionNumber\": ", "\"serverVersionNumber\": 9");
        var error = await FailsAsync(server.Settings("newer"), snapshot);
        Assert.Contains($"this server is {PostgresServer.Major}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locale_the_server_lacks_is_named()
    {
        using var snapshot = await BackupAsync("localized", "SELECT 1");
        await EditFactsAsync(snapshot, "\"collate\": \"C.UTF-8\"", "\"collate\": \"xx_XX.UTF-8\"");
        var error = await FailsAsync(server.Settings("localized"), snapshot);
        Assert.Contains("xx_XX.UTF-8", error.Message, StringComparison.Ordinal);
        Assert.Contains("locale", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_are_lost_on_the_way_fail_the_restore()
    {
        using var snapshot = await BackupAsync("counted", "CREATE TABLE public.t AS SELECT i AS a FROM generate_series(1, 3) i");
        await EditFactsAsync(snapshot, "\"rows\": 3", "\"rows\": 4");
        var error = await FailsAsync(server.Settings("counted"), snapshot);
        Assert.Contains("public.t has 3 rows, 4 were backed up", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.CheckFailed, error.Code);
    }

    [Fact]
    public async Task An_error_that_pg_restore_would_pass_over_fails_the_restore()
    {
        // A check that looks at another table by a name that depends on the search path: a classic that dumps, but does not restore.
        using var snapshot = await BackupAsync("checked", """
            SET search_path = public; CREATE TABLE allowed AS SELECT 1 AS a;
            CREATE FUNCTION ok(int) RETURNS bool LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM allowed WHERE a = $1)';
            CREATE TABLE t (a int CHECK (ok(a))); INSERT INTO t VALUES (1)
            """);
        var error = await FailsAsync(server.Settings("checked"), snapshot);
        Assert.Contains("relation \"allowed\" does not exist", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restore_that_is_cancelled_or_loses_pg_restore_drops_its_scratch_database(bool cancel)
    {
        var name = cancel ? "stopping" : "killing";
        using var snapshot = await BackupAsync(name, TwentyMegabytes);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var during = Array.Empty<string>();
        var progress = new Synchronous(p =>
        {
            if (p is { Phase: "data", Bytes: > 5_000_000 } && during.Length == 0)
            {
                during = server.DatabasesAsync(name).GetAwaiter().GetResult();
                if (cancel)
                {
                    stop.Cancel();
                    return;
                }

                using var process = Process.GetProcessById(Children.Named("pg_restore").Single());
                process.Kill();
            }
        });

        var error = await Assert.ThrowsAnyAsync<Exception>(() => PostgresRestore.RunAsync(
            server.Settings(name), snapshot, new PostgresRestoreOptions(), progress, TimeProvider.System, stop.Token));

        Assert.True(cancel ? error is OperationCanceledException : error is UserError, error.ToString());
        Assert.Equal(2, during.Length);
        Assert.Equal([name], await server.DatabasesAsync(name));
        Assert.Equal(20000, await server.ScalarAsync<long>(name, "SELECT count(*) FROM public.t"));
        Assert.Empty(Children.Named("pg_restore"));
    }

    [Fact]
    public async Task A_server_that_stops_in_the_middle_leaves_the_live_database_and_a_scratch_that_can_be_dropped()
    {
        await using var mortal = new PostgresServer();
        await mortal.InitializeAsync();
        await mortal.SqlAsync("postgres", "CREATE DATABASE live");
        await mortal.SqlAsync("live", TwentyMegabytes);
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(mortal.Settings("live"), snapshot, null, TimeProvider.System, Token);
        var before = await mortal.ContentAsync("live");
        var stopped = false;
        var progress = new Synchronous(p =>
        {
            if (p is { Phase: "data", Bytes: > 5_000_000 } && !stopped)
            {
                stopped = true;
                mortal.StopAsync("immediate").GetAwaiter().GetResult();
            }
        });

        var error = await Assert.ThrowsAsync<UserError>(() => PostgresRestore.RunAsync(
            mortal.Settings("live"), snapshot, new PostgresRestoreOptions(), progress, TimeProvider.System, Token));

        Assert.Contains("server was stopped or restarted", error.Fix, StringComparison.Ordinal);
        await mortal.StartAsync();
        Assert.Equal(before, await mortal.ContentAsync("live"));
        Assert.Single(await PostgresRestore.DropPreviousAsync(mortal.Settings("live"), null, Token));
        Assert.Equal(["live"], await mortal.DatabasesAsync("live"));
    }

    [Fact]
    public async Task A_session_that_cannot_be_ended_keeps_the_live_database_where_it_is()
    {
        await server.SqlAsync("postgres", "CREATE ROLE tenant LOGIN CREATEDB PASSWORD 'tenant'");
        await server.SqlAsync("postgres", "CREATE DATABASE rented OWNER tenant");
        await server.SqlAsync("rented", "CREATE TABLE public.t AS SELECT 1 AS a; ALTER TABLE public.t OWNER TO tenant");
        var settings = server.Settings("rented", "tenant", "tenant");
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(settings, snapshot, null, TimeProvider.System, Token);
        await using var superuser = await PostgresConnections.OpenAsync(server.Settings("rented"), "rented", Token);

        var error = await FailsAsync(settings, snapshot);

        Assert.Contains("boss (kubectl-mlopsbackup)", error.Message, StringComparison.Ordinal);
        Assert.Contains("pg_signal_backend", error.Fix, StringComparison.Ordinal);
        await superuser.RunAsync("SELECT 1", Token);
    }

    [Fact]
    public async Task A_full_disk_on_the_server_fails_the_restore_and_says_so()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can mount a small file system");
        var mount = Directory.CreateTempSubdirectory("mlopsbackup-small-").FullName;
        await PostgresServer.RunAsync("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", mount);
        await PostgresServer.RunAsync("chown", "postgres", mount);
        try
        {
            await server.SqlAsync("postgres", $"CREATE TABLESPACE small LOCATION '{mount}'");
            using var snapshot = await BackupAsync("filling", TwentyMegabytes.Replace(" AS SELECT", " TABLESPACE small AS SELECT", StringComparison.Ordinal));

            var error = await FailsAsync(server.Settings("filling"), snapshot);

            Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
            Assert.Equal(20000, await server.ScalarAsync<long>("filling", "SELECT count(*) FROM public.t"));
            await server.SqlAsync("postgres", "DROP DATABASE filling");
            await server.SqlAsync("postgres", "DROP TABLESPACE small");

            // Elsewhere there may be no such tablespace: the restore goes on without it, and says so.
            var report = await PostgresRestore.RunAsync(
                server.Settings("filling"), snapshot, new PostgresRestoreOptions(), null, TimeProvider.System, Token);
            Assert.Contains("small", Assert.Single(report.Warnings), StringComparison.Ordinal);
        }
        finally
        {
            await PostgresServer.RunAsync("umount", mount);
            Directory.Delete(mount);
        }
    }

    private async Task<FolderSnapshot> BackupAsync(string name, string sql)
    {
        await server.SqlAsync("postgres", $"CREATE DATABASE {name}");
        await server.SqlAsync(name, "SET search_path = public; " + sql);
        var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(server.Settings(name), snapshot, null, TimeProvider.System, Token);
        return snapshot;
    }

    /// <summary>Whatever fails leaves the live database as it was, and no other one.</summary>
    private async Task<UserError> FailsAsync(PostgresSettings settings, FolderSnapshot snapshot, PostgresRestoreOptions? options = null)
    {
        var before = await server.ContentAsync(settings.Database);
        var error = await Assert.ThrowsAsync<UserError>(() => PostgresRestore.RunAsync(
            settings, snapshot, options ?? new PostgresRestoreOptions(), null, TimeProvider.System, Token));
        Assert.Equal(before, await server.ContentAsync(settings.Database));
        Assert.Equal([settings.Database], await server.DatabasesAsync(settings.Database));
        return error;
    }

    private static async Task EditFactsAsync(FolderSnapshot snapshot, string from, string to)
    {
        var path = snapshot.PathOf(PostgresFiles.Facts);
        var text = await File.ReadAllTextAsync(path, Token);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal), Token);
    }

    /// <summary>Progress on the spot, where Progress&lt;T&gt; would report some time later.</summary>
    private sealed class Synchronous(Action<PostgresProgress> action) : IProgress<PostgresProgress>
    {
        public void Report(PostgresProgress value) => action(value);
    }
}
