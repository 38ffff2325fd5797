using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.EndToEndTests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class PostgresInPlaceTests(PostgresServer server)
{
    private static readonly PostgresRestoreOptions InPlace = new() { InPlace = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_place_brings_back_definitions_and_rows()
    {
        await OddDatabase.CreateAsync(server, "inplace");
        var before = await server.ContentAsync("inplace");
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(server.Settings("inplace"), snapshot, null, TimeProvider.System, Token);
        await server.SqlAsync("inplace", """
            SET search_path = public; DELETE FROM child; DROP VIEW a_view CASCADE; ALTER TABLE parent DROP COLUMN share CASCADE;
            SELECT lo_unlink(424242); CREATE TABLE later (a int)
            """);

        var report = await PostgresRestore.RunAsync(server.Settings("inplace"), snapshot, InPlace, null, TimeProvider.System, Token);

        Assert.Contains("public.later", Assert.Single(report.Warnings), StringComparison.Ordinal);
        await server.SqlAsync("inplace", "DROP TABLE public.later");
        Assert.Equal(before, await server.ContentAsync("inplace"));
        Assert.All(report.Tables, t => Assert.Equal(t.Expected, t.Actual));
        Assert.Equal(["inplace"], await server.DatabasesAsync("inplace"));
    }

    [Fact]
    public async Task In_place_works_for_a_role_that_owns_the_database_and_no_more()
    {
        await server.SqlAsync("postgres", "CREATE ROLE plain LOGIN PASSWORD 'plain'");
        await server.SqlAsync("postgres", "CREATE DATABASE plain OWNER plain");
        await server.SqlAsync("plain", "CREATE EXTENSION pg_trgm SCHEMA public");
        await server.SqlAsync(
            "plain", "CREATE TABLE public.t AS SELECT i AS a, 'x' || i AS b FROM generate_series(1, 1000) i; CREATE INDEX ON public.t USING gin (b public.gin_trgm_ops)", "plain", "plain");
        var settings = server.Settings("plain", "plain", "plain");
        using var snapshot = new FolderSnapshot();
        var facts = await PostgresBackup.RunAsync(settings, snapshot, null, TimeProvider.System, Token);
        Assert.Empty(facts.Warnings);
        Assert.DoesNotContain("SCRAM", await File.ReadAllTextAsync(snapshot.PathOf(PostgresFiles.Globals), Token), StringComparison.Ordinal);
        await server.SqlAsync("plain", "DELETE FROM public.t WHERE a > 10");

        var refused = await Assert.ThrowsAsync<UserError>(() =>
            PostgresRestore.RunAsync(settings, snapshot, new PostgresRestoreOptions(), null, TimeProvider.System, Token));
        Assert.Contains("may not create databases", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--in-place", refused.Fix, StringComparison.Ordinal);

        await PostgresRestore.RunAsync(settings, snapshot, InPlace, null, TimeProvider.System, Token);
        Assert.Equal(1000, await server.ScalarAsync<long>("plain", "SELECT count(*) FROM public.t"));
    }

    [Theory]
    [InlineData("SELECT 1", "has 3 rows, 4 were backed up")]
    [InlineData("CREATE VIEW public.depends AS SELECT * FROM public.t", "depends")]
    public async Task A_failed_restore_in_place_leaves_everything_as_it_was(string change, string why)
    {
        var name = $"failing{change.Length}";
        await server.SqlAsync("postgres", $"CREATE DATABASE {name}");
        await server.SqlAsync(name, "CREATE TABLE public.t AS SELECT i AS a FROM generate_series(1, 3) i");
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(server.Settings(name), snapshot, null, TimeProvider.System, Token);
        if (change == "SELECT 1")
        {
            var facts = await File.ReadAllTextAsync(snapshot.PathOf(PostgresFiles.Facts), Token);
            await File.WriteAllTextAsync(
                snapshot.PathOf(PostgresFiles.Facts), facts.Replace("\"rows\": 3", "\"rows\": 4", StringComparison.Ordinal), Token);
        }

        await server.SqlAsync(name, "INSERT INTO public.t VALUES (100)");
        await server.SqlAsync(name, change);
        var before = await server.ContentAsync(name);

        var error = await Assert.ThrowsAsync<UserError>(() =>
            PostgresRestore.RunAsync(server.Settings(name), snapshot, InPlace, null, TimeProvider.System, Token));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await server.ContentAsync(name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_source_that_breaks_off_leaves_everything_as_it_was(bool withException)
    {
        var name = withException ? "broken_off" : "cut_short";
        await server.SqlAsync("postgres", $"CREATE DATABASE {name}");
        await server.SqlAsync(name, "CREATE TABLE public.t AS SELECT i AS a, repeat('x', 1000) AS b FROM generate_series(1, 9000) i");
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(server.Settings(name), snapshot, null, TimeProvider.System, Token);
        await server.SqlAsync(name, "DELETE FROM public.t WHERE a > 5");
        var before = await server.ContentAsync(name);
        snapshot.OnOpen = (path, stream) => path == PostgresFiles.Dump ? new ShortStream(stream, 5_000_000, withException) : stream;

        foreach (var options in new[] { InPlace, new PostgresRestoreOptions() })
        {
            var error = await Assert.ThrowsAnyAsync<Exception>(() =>
                PostgresRestore.RunAsync(server.Settings(name), snapshot, options, null, TimeProvider.System, Token));
            Assert.IsType(withException ? typeof(InvalidDataException) : typeof(UserError), error);
            Assert.Equal(before, await server.ContentAsync(name));
            Assert.Equal([name], await server.DatabasesAsync(name));
        }
    }

    [Fact]
    public async Task A_table_in_use_is_not_waited_for_for_ever()
    {
        await server.SqlAsync("postgres", "CREATE DATABASE locked");
        await server.SqlAsync("locked", "CREATE TABLE public.t AS SELECT 1 AS a");
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(server.Settings("locked"), snapshot, null, TimeProvider.System, Token);
        await using var other = await PostgresConnections.OpenAsync(server.Settings("locked"), "locked", Token);
        await other.RunAsync("BEGIN; LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE", Token);
        var settings = server.Settings("locked") with { LockTimeout = TimeSpan.FromMilliseconds(200) };

        var restore = await Assert.ThrowsAsync<UserError>(() =>
            PostgresRestore.RunAsync(settings, snapshot, InPlace, null, TimeProvider.System, Token));
        Assert.Contains("holds a lock", restore.Message, StringComparison.Ordinal);
        using var second = new FolderSnapshot();
        var backup = await Assert.ThrowsAsync<UserError>(() =>
            PostgresBackup.RunAsync(settings, second, null, TimeProvider.System, Token));
        Assert.Contains("holds a lock", backup.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresFiles.Dump, second.Files);
    }
}
