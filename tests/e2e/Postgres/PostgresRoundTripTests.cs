using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Sources.Postgres;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.EndToEndTests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class PostgresRoundTripTests(PostgresServer server)
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("odd")]
    [InlineData("Ödd 'name\" = \\ and longer than thirty-eight bytes")]
    public async Task A_restored_database_has_the_same_definitions_rows_and_properties(string name)
    {
        await OddDatabase.CreateAsync(server, name);
        var before = await server.ContentAsync(name);
        var properties = await PropertiesAsync(name);
        using var snapshot = new FolderSnapshot();
        var facts = await PostgresBackup.RunAsync(server.Settings(name), snapshot, null, TimeProvider.System, Token);
        await server.SqlAsync(name, "SET search_path = public; DELETE FROM child; DROP MATERIALIZED VIEW a_matview; SELECT lo_unlink(424242)");

        var report = await PostgresRestore.RunAsync(
            server.Settings(name), snapshot, new PostgresRestoreOptions { Jobs = 3 }, null, Clock, Token);

        Assert.Equal(before, await server.ContentAsync(name));
        Assert.Equal(properties, await PropertiesAsync(name));
        Assert.Empty(report.Warnings);
        Assert.Empty(facts.Warnings);
        Assert.Equal(DatabaseNames.Before(name, Clock.GetUtcNow()), report.KeptDatabase);
        Assert.Equal(0, await server.ScalarAsync<long>(report.KeptDatabase!, "SELECT count(*) FROM public.child"));
        Assert.Equal([report.KeptDatabase!], await PostgresRestore.DropPreviousAsync(server.Settings(name), null, Token));
        Assert.DoesNotContain(report.KeptDatabase, await server.DatabasesAsync(""));
        Assert.Equal(before, await server.ContentAsync(name));
    }

    [Fact]
    public async Task Facts_say_what_was_in_the_database()
    {
        await OddDatabase.CreateAsync(server, "facts");
        await server.SqlAsync("facts", "CREATE TABLE public.alembic_version (version_num text); INSERT INTO public.alembic_version VALUES ('abc123')");
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(server.Settings("facts"), snapshot, null, TimeProvider.System, Token);

        Assert.Equal(["artifact-uris.tsv", "database.dump", "facts.json", "globals.sql"], snapshot.Files);
        var facts = await PostgresFacts.ReadAsync(snapshot, Token);
        Assert.Equal(PostgresServer.Major, facts.ServerMajor);
        Assert.Equal("abc123", facts.AlembicVersion);
        Assert.Equal(2, facts.LargeObjects);
        Assert.Equal(["citext", "hstore", "pg_trgm", "plpgsql"], facts.Extensions.Select(e => e.Name));
        Assert.Equal(["boss", "odd_owner"], facts.OwnerRoles);
        Assert.Equal(["odd_reader"], facts.GrantedRoles);
        Assert.Matches("^[0-9A-F]+/[0-9A-F]+$", facts.WalLsn);
        Assert.Equal("odd_owner", facts.Database.Owner);
        Assert.Equal("the odd one", facts.Database.Comment);
        Assert.Equal(3, facts.Database.Settings.Count);
        Assert.Equal(snapshot.SizeOf("database.dump"), facts.DumpBytes);
        var rows = facts.Tables.ToDictionary(t => $"{t.Schema}.{t.Table}", t => t.Rows);
        Assert.Equal(500, rows["public.child"]);
        Assert.Equal(401, rows["public.measured_2025"] + rows["public.measured_rest"]);
        Assert.Equal(1, rows["public.base"]);
        Assert.Equal(2, rows["public.derived"]);
        Assert.Equal(1, rows["public.no_columns"]);
        Assert.DoesNotContain("public.measured", rows.Keys);
        Assert.DoesNotContain("public.a_matview", rows.Keys);
        var globals = await File.ReadAllTextAsync(snapshot.PathOf("globals.sql"), Token);
        Assert.Contains("CREATE ROLE odd_owner", globals, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Password, globals + facts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_and_artifact_uris_are_of_the_same_instant_as_the_dump()
    {
        await server.SqlAsync("postgres", "CREATE DATABASE moving");
        await server.SqlAsync("moving", """
            CREATE TABLE public.experiments (experiment_id int PRIMARY KEY, artifact_location text, lifecycle_stage text);
            INSERT INTO public.experiments SELECT i, 's3://b/' || i || repeat('x', 500), 'active' FROM generate_series(1, 20000) i
            """);
        using var snapshot = new FolderSnapshot();
        var added = 0;
        snapshot.OnWrite = async (_, _) => await server.SqlAsync(
            "moving", $"INSERT INTO public.experiments VALUES ({100000 + Interlocked.Increment(ref added)}, 's3://late', 'active')");
        var facts = await PostgresBackup.RunAsync(server.Settings("moving"), snapshot, null, TimeProvider.System, Token);

        Assert.True(added > 10);
        Assert.Equal(20000, Assert.Single(facts.Tables).Rows);
        Assert.Equal(20000, facts.ArtifactUris);
        Assert.Equal(20000, File.ReadLines(snapshot.PathOf("artifact-uris.tsv")).Count());
        snapshot.OnWrite = null;
        var report = await PostgresRestore.RunAsync(
            server.Settings("moving"), snapshot, new PostgresRestoreOptions { TargetDatabase = "moved" }, null, Clock, Token);
        Assert.Equal(20000, Assert.Single(report.Tables).Actual);
        Assert.Null(report.KeptDatabase);
        Assert.Equal(20000 + added, await server.ScalarAsync<long>("moving", "SELECT count(*) FROM public.experiments"));
    }

    [Fact]
    public async Task A_restore_replaces_a_database_that_is_in_use_and_may_drop_the_previous_one()
    {
        await server.SqlAsync("postgres", "CREATE DATABASE busy");
        await server.SqlAsync("busy", "CREATE TABLE public.t AS SELECT 1 AS a");
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(server.Settings("busy"), snapshot, null, TimeProvider.System, Token);
        await using var client = await PostgresConnections.OpenAsync(server.Settings("busy"), "busy", Token);
        await client.RunAsync("BEGIN; INSERT INTO public.t VALUES (2)", Token);

        var report = await PostgresRestore.RunAsync(
            server.Settings("busy"), snapshot, new PostgresRestoreOptions { DropPrevious = true }, null, TimeProvider.System, Token);

        Assert.Null(report.KeptDatabase);
        Assert.Equal(["busy"], await server.DatabasesAsync("busy"));
        Assert.Equal(1, await server.ScalarAsync<long>("busy", "SELECT count(*) FROM public.t"));
    }

    [Fact]
    public async Task An_export_is_sql_that_psql_restores()
    {
        await OddDatabase.CreateAsync(server, "exported");
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(server.Settings("exported"), snapshot, null, TimeProvider.System, Token);
        var sql = snapshot.PathOf("export.sql");
        await using (var file = File.Create(sql))
        {
            await PostgresExport.WriteSqlAsync(snapshot, PostgresServer.Bin, noOwner: false, file, null, Token);
        }

        await server.SqlAsync("postgres", "CREATE DATABASE imported TEMPLATE template0");
        await using var psql = ChildProcess.Start(
            Path.Combine(PostgresServer.Bin, "psql"),
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", sql],
            PostgresConnections.Environment(server.Settings("imported"), "imported"));
        Assert.Equal(0, await psql.WaitAsync(Token));
        Assert.Equal(await server.ContentAsync("exported"), await server.ContentAsync("imported"));
    }

    private async Task<string?> PropertiesAsync(string database) => await server.ScalarAsync<string>(database, """
        SELECT concat_ws('|', pg_get_userbyid(datdba), datcollate, datctype, pg_encoding_to_char(encoding), datconnlimit, datallowconn,
          (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(datacl) a), shobj_description(oid, 'pg_database'),
          (SELECT string_agg(setrole::regrole::text || array_to_string(setconfig, ';'), ',' ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = d.oid))
        FROM pg_database d WHERE datname = current_database()
        """);
}
