using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary>What docs/dr-runbook.md says is done, word for word, on a platform that was lost.</summary>
[Collection(CliTests.Name)]
public sealed class RunbookTests(PlatformServer server)
{
    /// <summary>In the order of the page; those for a cluster are run by its own test.</summary>
    private static readonly string[] WithoutTheTool = ["check", "database", "database-count", "database-swap", "artifacts"];

    private static readonly string[] Others = ["save", "tool-look", "tool-restore", "tool-check", "database-sql", "map", "local-plan", "local-restore", "local-export"];

    [Fact]
    public void Every_block_of_the_page_is_run_by_a_test() => Assert.Equal(
        WithoutTheTool.Concat(Others).Order(StringComparer.Ordinal),
        Runbook.Blocks.Keys.Where(b => !b.StartsWith(Runbook.ClusterPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Without_the_tool_everything_is_as_it_was()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var (database, tree) = (await platform.DatabaseSumAsync(), platform.TreeSum());
        await RunAsync(platform, "save");

        await platform.DropDatabaseAsync();
        Directory.Delete(platform.Artifacts, recursive: true);
        // From here on nothing of ours is called.
        foreach (var block in WithoutTheTool)
        {
            await RunAsync(platform, block, "kubectl() { echo the tool is not to be had; return 1; }");
        }

        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(tree, platform.TreeSum());

        // Once more, from the other file and over what is there.
        await RunAsync(platform, "database-sql");
        await RunAsync(platform, "database-count");
        await RunAsync(platform, "database-swap");
        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(database, await platform.DatabaseSumAsync($"{platform.Database}_before"));
    }

    [Fact]
    public async Task Artifacts_that_moved_are_found_again()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.Postgres.SqlAsync(platform.Database, "UPDATE public.experiments SET artifact_location = 's3://old''s/mlflow/' || experiment_id");
        await platform.Postgres.SqlAsync(platform.Database, "UPDATE public.runs SET artifact_uri = 's3://old''s/mlflow-other/' || run_uuid WHERE experiment_id = 1");

        await RunAsync(platform, "map", "OLD=\"s3://old's/mlflow\" NEW=s3://new/a");

        Assert.Equal("0", await CountAsync(platform, "experiments WHERE artifact_location <> 's3://new/a/' || experiment_id"));
        // A name that only begins alike is another place.
        Assert.Equal("0", await CountAsync(platform, "runs WHERE experiment_id = 1 AND artifact_uri NOT LIKE 's3://old''s/mlflow-other/%'"));
    }

    [Fact]
    public async Task With_the_tool_it_is_three_commands()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var (database, tree) = (await platform.DatabaseSumAsync(), platform.TreeSum());
        await platform.Postgres.SqlAsync(platform.Database, "DROP TABLE public.runs CASCADE");
        Directory.Delete(platform.Artifacts, recursive: true);

        await RunAsync(platform, "tool-look");
        await RunAsync(platform, "tool-restore");
        await RunAsync(platform, "tool-check");

        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(tree, platform.TreeSum());
    }

    [Fact]
    public async Task A_copied_folder_and_the_passphrase_are_enough_where_there_is_no_cluster()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var (database, tree) = (await platform.DatabaseSumAsync(), platform.TreeSum());
        var safe = Directory.CreateDirectory(Path.Combine(platform.Root, "safe")).FullName;
        Directory.Move(platform.Repository, Path.Combine(platform.Root, "copy"));
        File.Move(platform.PassphraseFile, Path.Combine(safe, "passphrase"));
        await platform.DropDatabaseAsync();
        Directory.Delete(platform.Artifacts, recursive: true);

        var here = $$"""
            kubectl() { shift; "$BINARY" "$@"; }
            PLATFORM={{platform.Plan!.Name}} REPOSITORY='{name: copy, path: {{platform.Root}}/copy}'
            """;
        await RunAsync(platform, "local-plan", here);
        await RunAsync(platform, "local-restore", here);
        await RunAsync(platform, "local-export", here);

        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(tree, platform.TreeSum());
        Assert.All(["database.dump", "artifacts.tar.gz"], file => Assert.NotEqual(0, new FileInfo(Path.Combine(safe, file)).Length));
    }

    /// <param name="more">Beside the settings: a plugin of kubectl that works here, without a cluster.</param>
    private static async Task RunAsync(Platform platform, string block, string more = "")
    {
        platform.WritePlan();
        await Runbook.RunAsync(
            block,
            $$"""
            kubectl() { shift; "$BINARY" "$@" --local --plan "$PLAN"; }
            {{more}}
            """,
            new Dictionary<string, string>
            {
                ["BINARY"] = CommandLine.Binary,
                ["PLAN"] = platform.PlanFile,
                ["PATH"] = $"{PostgresServer.Bin}:{Environment.GetEnvironmentVariable("PATH")}",
                ["NS"] = "mlops-platform",
                ["SAFE"] = Path.Combine(platform.Root, "safe"),
                ["DB"] = platform.Database,
                ["ARTIFACTS"] = platform.Artifacts,
                ["PGHOST"] = "127.0.0.1",
                ["PGPORT"] = $"{platform.Postgres.Port}",
                ["PGUSER"] = platform.User,
                ["PGPASSWORD"] = platform.Password,
            });
    }

    private static async Task<string> CountAsync(Platform platform, string what)
    {
        await using var source = NpgsqlSource(platform);
        await using var command = source.CreateCommand($"SELECT count(*)::text FROM {what}");
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static Npgsql.NpgsqlDataSource NpgsqlSource(Platform platform) => Npgsql.NpgsqlDataSource.Create(
        $"Host=127.0.0.1;Port={platform.Postgres.Port};Database={platform.Database};Username={platform.User};Password={platform.Password};Pooling=false");
}
