using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

[Collection(CliTests.Name)]
public sealed class RestoreTests(PlatformServer server)
{
    [Fact]
    public async Task A_plan_that_names_no_password_uses_that_of_PGPASSWORD()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var rows = await platform.DatabaseSumAsync();
        platform.Plan = platform.Plan! with { Postgres = platform.PostgresPart().Replace($"passwordFile: {platform.PasswordFile}, ", "", StringComparison.Ordinal) };
        platform.Environment["PGPASSWORD"] = platform.Password;

        await platform.DoneAsync("backup", "postgres");
        await platform.DoneAsync("restore", "postgres", "--yes", "--drop-previous");

        Assert.Equal(rows, await platform.DatabaseSumAsync());
    }

    [Fact]
    public async Task Live_data_is_not_replaced_without_a_yes()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var before = await platform.ListingAsync();

        (await platform.RunAsync("restore", "all")).Expect(ExitCode.Usage).SaysWithFix(platform.Artifacts, platform.Database, "--yes");
        (await platform.RunAsync("restore", "artifacts")).Expect(ExitCode.Usage).SaysWithFix(platform.Artifacts, "--yes");
        (await platform.RunAsync("restore", "postgres")).Expect(ExitCode.Usage).SaysWithFix(platform.Database, "--yes");
        (await platform.RunAsync("drop-previous")).Expect(ExitCode.Usage).SaysWithFix(platform.Database, "--yes");

        Assert.Equal(before, await platform.ListingAsync());
    }

    [Fact]
    public async Task Artifacts_go_to_another_folder_and_leave_the_live_ones_alone()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var tree = platform.TreeSum();
        File.WriteAllText(Path.Combine(platform.Artifacts, "later"), "later");
        var live = platform.TreeSum();
        var other = Path.Combine(platform.Root, "other");

        await platform.DoneAsync("restore", "artifacts", "--to", other);

        Assert.Equal(tree, platform.TreeSum(other));
        Assert.Equal(live, platform.TreeSum());
    }

    [Fact]
    public async Task Only_what_differs_is_written_and_delete_takes_away_the_rest()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var tree = platform.TreeSum();
        var files = Directory.GetFiles(platform.Artifacts, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        File.WriteAllText(files[0], "damaged");
        File.Delete(files[1]);
        var later = Path.Combine(platform.Artifacts, "later", "one");
        Directory.CreateDirectory(Path.GetDirectoryName(later)!);
        File.WriteAllText(later, "later");

        var kept = (await platform.JsonAsync("restore", "artifacts", "--yes")).GetProperty("artifacts");
        Assert.Equal(2, kept.GetProperty("filesWritten").GetInt32());
        Assert.True(File.Exists(later));
        var deleted = (await platform.JsonAsync("restore", "artifacts", "--yes", "--delete")).GetProperty("artifacts");
        Assert.Equal(0, deleted.GetProperty("filesWritten").GetInt32());
        Assert.True(deleted.GetProperty("deleted").GetInt32() >= 1);
        Assert.Equal(tree, platform.TreeSum());
    }

    [Fact]
    public async Task Include_and_exclude_choose_paths()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        string[] Of(string root) =>
            [.. Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal)];
        var all = Of(platform.Artifacts);
        var (one, two) = (Path.Combine(platform.Root, "one"), Path.Combine(platform.Root, "two"));

        await platform.DoneAsync("restore", "artifacts", "--to", one, "--include", "1/**", "--include", "2/**", "--exclude", "MLmodel");
        await platform.DoneAsync("restore", "artifacts", "--to", two, "--include", "MLmodel");

        var expected = all.Where(f => f[0] is '1' or '2' && Path.GetFileName(f) != "MLmodel").ToArray();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Of(one));
        Assert.Equal(all.Where(f => Path.GetFileName(f) == "MLmodel"), Of(two));
        Assert.NotEmpty(Of(two));

        var three = Path.Combine(platform.Root, "three");
        (await platform.RunAsync("restore", "artifacts", "--to", three, "--include", "1/**", "--include", "nothing/**"))
            .Expect(ExitCode.Usage).SaysWithFix("no path in snapshot", "fits 'nothing/**'");
        Assert.False(Path.Exists(three));
        (await platform.RunAsync("export", "artifacts", "--file", three, "--include", "MLmodle")).Expect(ExitCode.Usage).SaysWithFix("fits 'MLmodle'");
        Assert.False(Path.Exists(three));
        (await platform.RunAsync("restore", "postgres", "--include", "1/**")).Expect(ExitCode.Usage).SaysWithFix("only the database is restored");
        (await platform.RunAsync("export", "postgres", "--include", "1/**")).Expect(ExitCode.Usage).SaysWithFix("a database is exported whole");
    }

    [Fact]
    public async Task A_database_goes_beside_the_live_one_under_another_name()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var sum = await platform.DatabaseSumAsync();
        await platform.GrowAsync();
        var live = await platform.DatabaseSumAsync();
        var copy = $"{platform.Database}_copy";

        await platform.DoneAsync("restore", "postgres", "--to-database", copy);

        Assert.Equal(sum, await platform.DatabaseSumAsync(copy));
        Assert.Equal(live, await platform.DatabaseSumAsync());
    }

    [Fact]
    public async Task The_replaced_database_is_kept_named_and_dropped_on_request()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var sum = await platform.DatabaseSumAsync();
        await platform.GrowAsync();
        var live = await platform.DatabaseSumAsync();

        var restore = await platform.DoneAsync("restore", "postgres", "--yes");

        var kept = Assert.Single(await platform.Postgres.DatabasesAsync($"{platform.Database}_before_"));
        restore.Says(kept, "drop-previous");
        Assert.Equal(sum, await platform.DatabaseSumAsync());
        Assert.Equal(live, await platform.DatabaseSumAsync(kept));

        var dropped = await platform.DoneAsync("drop-previous", "--yes");
        Assert.Equal($"database/{kept} dropped", dropped.Output.Trim());
        Assert.Equal([platform.Database], await platform.Postgres.DatabasesAsync($"{platform.Database}"));
        Assert.Equal(sum, await platform.DatabaseSumAsync());
    }

    [Fact]
    public async Task The_replaced_database_is_not_kept_where_that_is_said()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        await platform.DoneAsync("restore", "postgres", "--yes", "--drop-previous");
        Assert.Equal([platform.Database], await platform.Postgres.DatabasesAsync(platform.Database));
    }

    [Fact]
    public async Task Artifacts_that_lie_elsewhere_now_are_mapped_after_a_dry_run()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.Postgres.SqlAsync(
            platform.Database, "UPDATE public.runs SET artifact_uri = replace(artifact_uri, 'mlflow-artifacts:', 's3://old')");
        await platform.InitAsync();
        await platform.DoneAsync("backup", "all");
        var live = await platform.DatabaseSumAsync();
        const string Map = "--map-artifacts=s3://old=s3://new/mlflow";

        var dry = await platform.DoneAsync("restore", "all", "--dry-run", Map);
        dry.Says("public.runs.artifact_uri: 50 would be rewritten", "in the live database", "public.experiments.artifact_location: 0 would be");
        var counted = (await platform.JsonAsync("restore", "postgres", "--dry-run", Map)).GetProperty("columnsToRewrite");
        (await platform.RunAsync("restore", "all", "--dry-run", "--map-artifacts=s3://odl=s3://new")).Expect(ExitCode.Usage).SaysWithFix("--map-artifacts", "s3://odl", "s3://old (50)");
        (await platform.RunAsync("restore", "all", "--yes", "--map-artifacts=s3://odl=s3://new")).Expect(ExitCode.Usage).SaysWithFix("--map-artifacts", "s3://odl", "s3://old (50)");
        (await platform.RunAsync("restore", "all", "--yes", "--map-artifacts=s3://old")).Expect(ExitCode.Usage).SaysWithFix("--map-artifacts", "OLD=NEW");
        (await platform.RunAsync("restore", "artifacts", "--yes", Map)).Expect(ExitCode.Usage).SaysWithFix("--map-artifacts", "--to");
        (await platform.RunAsync("restore", "postgres", Map)).Expect(ExitCode.Usage).SaysWithFix("from s3://old to s3://new/mlflow", "--yes");
        Assert.Equal(live, await platform.DatabaseSumAsync());

        var restored = (await platform.JsonAsync("restore", "postgres", "--yes", "--drop-previous", Map)).GetProperty("postgres").GetProperty("rewrittenColumns");
        Assert.True(JsonElement.DeepEquals(counted, restored), $"{counted} {restored}");
        Assert.Equal(50, await platform.Postgres.ScalarAsync<long>(
            platform.Database, "SELECT count(*) FROM public.runs WHERE starts_with(artifact_uri, 's3://new/mlflow/')"));
    }

    [Fact]
    public async Task A_role_that_may_not_create_databases_restores_in_place()
    {
        await using var platform = await Platform.OwnedByPlainRoleAsync(server);
        await platform.InitAsync();
        await platform.DoneAsync("backup", "all");
        var sum = await platform.DatabaseSumAsync();
        await platform.GrowAsync();
        var live = await platform.DatabaseSumAsync();

        (await platform.RunAsync("restore", "postgres", "--yes")).Expect(ExitCode.Failed).SaysWithFix(platform.User, "--in-place");
        Assert.Equal(live, await platform.DatabaseSumAsync());

        await platform.DoneAsync("restore", "postgres", "--yes", "--in-place");
        Assert.Equal(sum, await platform.DatabaseSumAsync());
        Assert.Equal([platform.Database], await platform.Postgres.DatabasesAsync(platform.Database));
    }

    [Fact]
    public async Task An_older_state_comes_back_by_time_by_recovery_point_and_by_snapshot()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var (oldDatabase, oldTree) = (await platform.DatabaseSumAsync(), platform.TreeSum());
        await platform.GrowAsync();
        await platform.DoneAsync("backup", "all");
        var (newDatabase, newTree) = (await platform.DatabaseSumAsync(), platform.TreeSum());
        var points = await platform.PointsAsync();

        async Task GoesToAsync(string database, string tree, params string[] how)
        {
            await platform.DoneAsync(["restore", "all", "--yes", "--delete", "--drop-previous", .. how]);
            Assert.Equal(database, await platform.DatabaseSumAsync());
            Assert.Equal(tree, platform.TreeSum());
        }

        await GoesToAsync(oldDatabase, oldTree, "--at", points[0].GetProperty("time").GetString()!);
        await GoesToAsync(newDatabase, newTree, "--from", "latest");
        await GoesToAsync(oldDatabase, oldTree, "--from", Text(points[0], "id")[..8]);
        await GoesToAsync(newDatabase, newTree, "--from", Text(points[1], "id"));
        await platform.DoneAsync("restore", "artifacts", "--yes", "--delete", "--from", Text(points[0], "artifacts")[..8]);
        Assert.Equal(oldTree, platform.TreeSum());
        await platform.DoneAsync("restore", "artifacts", "--yes", "--delete", "--from", Text(points[1], "id")[..8]);
        Assert.Equal(newTree, platform.TreeSum());
    }

    [Fact]
    public async Task A_state_that_there_is_not_is_said_so()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var (database, tree) = (await platform.DatabaseSumAsync(), platform.TreeSum());

        (await platform.RunAsync("restore", "all", "--yes", "--at", "2001-01-01T00:00:00Z")).Expect(ExitCode.Failed).SaysWithFix("2001-01-01", "list");
        (await platform.RunAsync("restore", "all", "--yes", "--from", "ffffffff")).Expect(ExitCode.Failed).SaysWithFix("ffffffff", "list");
        (await platform.RunAsync("restore", "all", "--yes", "--from", "ff")).Expect(ExitCode.Usage).SaysWithFix("--from");
        (await platform.RunAsync("restore", "all", "--yes", "--at", "yesterday")).Expect(ExitCode.Usage).SaysWithFix("--at yesterday");
        (await platform.RunAsync("restore", "all", "--yes", "--at", "2001-01-01", "--from", "ffffffff")).Expect(ExitCode.Usage).SaysWithFix("--from", "--at");
        (await platform.RunAsync("describe", "ffffffff")).Expect(ExitCode.Failed).SaysWithFix("ffffffff");

        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(tree, platform.TreeSum());
    }

    private static string Text(JsonElement point, string property) => point.GetProperty(property).GetString()!;
}
