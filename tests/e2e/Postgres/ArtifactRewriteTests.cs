using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Seed;
using KubectlMlopsBackup.Sources.Postgres;
using Npgsql;

namespace KubectlMlopsBackup.EndToEndTests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class ArtifactRewriteTests(PostgresServer server)
{
    private const string Old = "s3://old-bucket/mlflow";
    private const string New = "file:///mnt/new";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    public async Task A_mapped_platform_is_as_one_that_always_lay_at_the_new_place(int generation, bool inPlace)
    {
        var name = $"map_{generation}_{(inPlace ? "in" : "beside")}";
        await SeedAsync(name, generation, Old);
        await SeedAsync(name + "_wanted", generation, New);
        // Once through a dump: the server writes some definitions in another way then.
        using (var wanted = await BackupAsync(name + "_wanted"))
        {
            await RestoreAsync(name + "_wanted", wanted, inPlace);
        }

        using var snapshot = await BackupAsync(name);
        await server.SqlAsync(name, "DELETE FROM public.tags");

        var report = await RestoreAsync(name, snapshot, inPlace, $"{Old}={New}");

        Assert.Equal(await SortedAsync(name + "_wanted"), await SortedAsync(name));
        Assert.Empty(report.Warnings);
        Assert.All(report.Tables, t => Assert.Equal(t.Expected, t.Actual));
        var columns = report.RewrittenColumns!;
        Assert.Equal(
            generation switch
            {
                1 => ["experiments.artifact_location", "model_versions.source", "runs.artifact_uri"],
                2 => ["datasets.dataset_source", "experiments.artifact_location", "model_versions.source", "model_versions.storage_location", "runs.artifact_uri", "trace_tags.value"],
                _ => new[] { "datasets.dataset_source", "experiments.artifact_location", "logged_models.artifact_location", "model_versions.source", "model_versions.storage_location", "runs.artifact_uri", "trace_tags.value" },
            },
            columns.Select(c => $"{c.Table}.{c.Column}"));
        Assert.All(columns, c => Assert.Equal("public", c.Schema));
        Assert.Equal(
            await server.ScalarAsync<long>(name, $"SELECT count(*) FROM public.runs WHERE starts_with(artifact_uri, '{New}/')"),
            columns.Single(c => c.Table == "runs").Rewritten);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_no_map_fits_is_left_as_it_is_and_counted(bool inPlace)
    {
        var name = $"map_odd_{(inPlace ? "in" : "beside")}";
        await server.SqlAsync("postgres", $"CREATE DATABASE {name}");
        await server.SqlAsync(name, """
            CREATE SCHEMA "Tr'ack"; SET search_path = "Tr'ack";
            CREATE TABLE experiments (experiment_id int PRIMARY KEY, artifact_location varchar(256));
            INSERT INTO experiments VALUES (0, 's3://o'), (1, 's3://o/1'), (2, 's3://other/1'), (3, 'mlflow-artifacts:/3'), (4, NULL), (5, ''), (6, 's3://o/deep/x'), (7, E's3://o/q''\\ü');
            CREATE TABLE trace_tags (key varchar(250), value varchar(8000), request_id varchar(50));
            INSERT INTO trace_tags VALUES ('mlflow.artifactLocation', 's3://o/t', 't'), ('note', 's3://o/t', 't');
            CREATE TABLE datasets (dataset_uuid varchar(36), dataset_source text);
            INSERT INTO datasets VALUES ('d1', '{"uri": "s3:\/\/o/d", "n": 1.50}'), ('d2', '{"path": "s3://o/d"}'), ('d3', 's3://o/plain'), ('d4', '{"uri": ["s3://o"]}'), ('d5', '{broken "s3://o'), ('d6', '"s3://o/x"');
            CREATE TABLE workspaces (name varchar(63) PRIMARY KEY, description text, default_artifact_root text);
            INSERT INTO workspaces VALUES ('team', 's3://o/text', 's3://o/team');
            CREATE VIEW runs AS SELECT 'x'::text AS run_uuid, 's3://o/view'::text AS artifact_uri
            """);
        using var snapshot = await BackupAsync(name);

        var report = await RestoreAsync(name, snapshot, inPlace, "s3://o=gs://n/m", "s3://o/deep=s3://o", "s3://typo=/mnt");

        Assert.Contains("s3://typo", Assert.Single(report.Warnings), StringComparison.Ordinal);
        Assert.Equal(
            ["datasets 2 4", "experiments 4 2", "trace_tags 1 0", "workspaces 1 0"],
            report.RewrittenColumns!.Select(c => $"{c.Table} {c.Rewritten} {c.LeftAlone}"));
        Assert.Equal(
            "gs://n/m|gs://n/m/1|s3://other/1|mlflow-artifacts:/3|NULL||s3://o/x|gs://n/m/q'\\ü",
            await ScalarAsync(name, "SELECT string_agg(coalesce(artifact_location, 'NULL'), '|' ORDER BY experiment_id) FROM experiments"));
        Assert.Equal("gs://n/m/t|s3://o/t", await ScalarAsync(name, "SELECT string_agg(value, '|' ORDER BY key) FROM trace_tags"));
        Assert.Equal(
            """{"n": 1.50, "uri": "gs://n/m/d"}|{"path": "s3://o/d"}|gs://n/m/plain|{"uri": ["s3://o"]}|{broken "s3://o|"s3://o/x" """.Trim(),
            await ScalarAsync(name, "SELECT string_agg(dataset_source, '|' ORDER BY dataset_uuid) FROM datasets"));
        Assert.Equal("s3://o/text gs://n/m/team", await ScalarAsync(name, "SELECT description || ' ' || default_artifact_root FROM workspaces"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_value_that_would_not_fit_stops_the_restore_before_anything_is_replaced(bool inPlace)
    {
        var name = $"map_long_{(inPlace ? "in" : "beside")}";
        await SeedAsync(name, 3, Old);
        using var snapshot = await BackupAsync(name);
        await server.SqlAsync(name, "DELETE FROM public.tags");
        var before = await server.ContentAsync(name);
        var longest = await server.ScalarAsync<int>(name, "SELECT max(length(artifact_uri)) FROM public.runs") - Old.Length + 186;

        var error = await Assert.ThrowsAsync<UserError>(() => RestoreAsync(name, snapshot, inPlace, $"{Old}=s3://{new string('x', 181)}"));

        Assert.StartsWith("--map-artifacts: ", error.Message, StringComparison.Ordinal);
        var runs = await server.ScalarAsync<long>(name, "SELECT count(*) FROM public.runs");
        Assert.Contains($"runs.artifact_uri takes 200 characters, and {runs} of its URIs would be longer, up to {longest}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("logged_models", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await server.ContentAsync(name));
        Assert.Equal([name], await server.DatabasesAsync(name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_typo_stops_the_restore_before_it_begins(bool inPlace)
    {
        var name = $"map_typo_{(inPlace ? "in" : "beside")}";
        await SeedAsync(name, 2, Old);
        using var snapshot = await BackupAsync(name);
        snapshot.OnOpen = (path, stream) => path == PostgresFiles.Dump ? throw new InvalidOperationException("the dump was read") : stream;

        var error = await Assert.ThrowsAsync<UserError>(() => RestoreAsync(name, snapshot, inPlace, $"s3://old-bucket/mflow={New}"));

        Assert.Contains("s3://old-bucket/mflow", error.Message, StringComparison.Ordinal);
        Assert.Contains("s3://old-bucket (", error.Fix, StringComparison.Ordinal);
        Assert.Equal([name], await server.DatabasesAsync(name));
    }

    [Fact]
    public async Task In_place_a_table_that_is_not_in_the_backup_is_left_as_it_is_by_an_owner_without_rights()
    {
        await server.SqlAsync("postgres", "CREATE ROLE mapper LOGIN PASSWORD 'mapper'");
        await server.SqlAsync("postgres", "CREATE DATABASE map_later OWNER mapper");
        Task SqlAsync(string sql) => server.SqlAsync("map_later", "SET search_path = public; " + sql, "mapper", "mapper");
        await SqlAsync("CREATE TABLE experiments (experiment_id int, artifact_location varchar(256)); INSERT INTO experiments VALUES (1, 's3://o/1')");
        var settings = server.Settings("map_later", "mapper", "mapper");
        using var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(settings, snapshot, null, TimeProvider.System, Token);
        await SqlAsync("CREATE TABLE runs (run_uuid text, artifact_uri varchar(200)); INSERT INTO runs VALUES ('r', 's3://o/r')");

        var options = new PostgresRestoreOptions { InPlace = true, ArtifactMap = ArtifactMap.Parse(["s3://o=/mnt/n"]) };
        var report = await PostgresRestore.RunAsync(settings, snapshot, options, null, TimeProvider.System, Token);

        Assert.Equal([new RewrittenColumn("public", "experiments", "artifact_location", 1, 0)], report.RewrittenColumns);
        Assert.Equal("/mnt/n/1", await server.ScalarAsync<string>("map_later", "SELECT artifact_location FROM public.experiments"));
        Assert.Equal("s3://o/r", await server.ScalarAsync<string>("map_later", "SELECT artifact_uri FROM public.runs"));
    }

    [Fact]
    public async Task A_count_reads_only()
    {
        await SeedAsync("map_count", 3, Old);
        using var snapshot = await BackupAsync("map_count");
        var before = await server.ContentAsync("map_count");
        var rewrite = await ArtifactRewrite.PrepareAsync(ArtifactMap.Parse([$"{Old}={New}"]), snapshot, PostgresFiles.ArtifactUris, Token);

        var counted = await PostgresComparison.CountRewritesAsync(server.Settings("map_count"), rewrite!, Token);

        Assert.Equal(before, await server.ContentAsync("map_count"));
        var report = await RestoreAsync("map_count", snapshot, false, $"{Old}={New}");
        Assert.Equal(report.RewrittenColumns, counted);
        Assert.All(counted, c => Assert.True(c.Rewritten > 0, c.Table));
    }

    private async Task SeedAsync(string name, int generation, string root)
    {
        await server.SqlAsync("postgres", $"CREATE DATABASE {name}");
        var settings = server.Settings(name);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = settings.Host,
            Port = settings.Port,
            Database = name,
            Username = settings.User,
            Password = settings.Password,
            Pooling = false,
        });
        var options = new SeedOptions
        {
            Runs = 20,
            MetricsPerRun = 5,
            Experiments = 3,
            LoggedModels = 6,
            Traces = 5,
            Bytes = 1 << 20,
            Generation = generation,
            ArtifactRoot = root,
        };
        await PlatformSeeder.FillDatabaseAsync(source, PlatformSeeder.FirstDay(options), Token);
    }

    private async Task<FolderSnapshot> BackupAsync(string name)
    {
        var snapshot = new FolderSnapshot();
        await PostgresBackup.RunAsync(server.Settings(name), snapshot, null, TimeProvider.System, Token);
        return snapshot;
    }

    private Task<PostgresRestoreReport> RestoreAsync(string name, FolderSnapshot snapshot, bool inPlace, params string[] maps) => PostgresRestore.RunAsync(
        server.Settings(name),
        snapshot,
        new PostgresRestoreOptions { InPlace = inPlace, DropPrevious = !inPlace, ArtifactMap = ArtifactMap.Parse(maps) },
        null,
        TimeProvider.System,
        Token);

    private Task<string?> ScalarAsync(string name, string sql) =>
        server.ScalarAsync<string>(name, sql.Replace(" FROM ", " FROM \"Tr'ack\".", StringComparison.Ordinal));

    /// <summary>Rows that were written again lie elsewhere in their table.</summary>
    private async Task<string> SortedAsync(string name) =>
        string.Join('\n', (await server.ContentAsync(name)).Split('\n').Order(StringComparer.Ordinal));
}
