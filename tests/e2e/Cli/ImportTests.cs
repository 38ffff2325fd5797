using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Seed.Checksums;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary>Files of hand-written CronJobs become snapshots that are restored like any other.</summary>
[Collection(CliTests.Name)]
public sealed class ImportTests(PlatformServer server)
{
    [Fact]
    public async Task Dumps_and_archives_keep_their_dates_and_come_back_as_they_were()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        var old = Directory.CreateDirectory(Path.Combine(platform.Root, "old")).FullName;
        var day = DateTime.UtcNow.Date.AddDays(-3);
        var (database, tree) = (await platform.DatabaseSumAsync(), platform.TreeSum());
        await DumpAsync(platform, $"| gzip > {old}/mlflow_{day:yyyyMMdd}_020000.sql.gz");
        await ShellAsync($"tar --format=posix -czf {old}/artifacts_{day:yyyyMMdd}_030000.tar.gz -C {platform.Root} artifacts");
        await platform.GrowAsync();
        var (later, laterTree) = (await platform.DatabaseSumAsync(), ContentSum(platform.Artifacts));
        await DumpAsync(platform, $"-Fc > {old}/mlflow_{day.AddDays(1):yyyyMMdd}_020000.dump");
        await ShellAsync($"tar -cf {old}/artifacts_{day.AddDays(1):yyyyMMdd}_030000.tar -C {platform.Artifacts} .");
        var databases = await platform.Postgres.DatabasesAsync(platform.Database);

        var planned = (await platform.JsonAsync("import", old, "--dry-run")).EnumerateArray().ToList();
        Assert.All(planned, f => Assert.Equal("would import", f.GetProperty("state").GetString()));
        Assert.Empty(await platform.SnapshotsAsync());

        var imported = (await platform.JsonAsync("import", old)).EnumerateArray().ToList();
        Assert.Equal(
            [("postgres", day.AddHours(2)), ("artifacts", day.AddHours(3)), ("postgres", day.AddDays(1).AddHours(2)), ("artifacts", day.AddDays(1).AddHours(3))],
            imported.Select(f => (f.GetProperty("component").GetString()!.ToLowerInvariant(), f.GetProperty("time").GetDateTimeOffset().UtcDateTime)));
        Assert.All(imported, f => Assert.Equal(("imported", "complete", "name"), (Text(f, "state"), Text(f, "verdict"), Text(f, "timeFrom"))));
        Assert.Equal(databases, await platform.Postgres.DatabasesAsync(platform.Database));
        Assert.Equal(2, (await platform.PointsAsync()).Length);

        var again = (await platform.JsonAsync("import", old)).EnumerateArray().ToList();
        Assert.All(again, f => Assert.Equal("there", Text(f, "state")));
        Assert.Equal(4, (await platform.SnapshotsAsync()).Length);

        await platform.DoneAsync("verify", "data");
        await platform.DoneAsync("backup", "all");
        Assert.Equal(3, (await platform.PointsAsync()).Length);
        Assert.Equal(tree, platform.TreeSum(await RestoredAsync(platform, day.AddHours(12), database)));
        // This one's format has times to the second only.
        Assert.Equal(laterTree, ContentSum(await RestoredAsync(platform, day.AddDays(1).AddHours(12), later)));
    }

    [Fact]
    public async Task What_is_damaged_or_dangerous_is_named_and_keeps_nothing_else_from_being_imported()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        var old = Directory.CreateDirectory(Path.Combine(platform.Root, "old")).FullName;
        await DumpAsync(platform, $"| gzip > {old}/mlflow_20260101.sql.gz");
        await DumpAsync(platform, $"--create | gzip > {old}/create_20260102.sql.gz");
        await DumpAsync(platform, $"--create --clean > {old}/clean_20260102.sql");
        await ShellAsync($"head -c 20000 {old}/mlflow_20260101.sql.gz > {old}/cut_20260103.sql.gz");
        await ShellAsync($"gunzip -c {old}/mlflow_20260101.sql.gz | head -n -40 > {old}/short_20260103.sql");
        await ShellAsync($"tar -czf {old}/whole.tar.gz -C {platform.Root} artifacts && head -c 90000 {old}/whole.tar.gz > {old}/artifacts_20260104.tar.gz && rm {old}/whole.tar.gz");
        await ShellAsync($"echo no dump at all > {old}/notes_20260105.sql");
        var (database, databases) = (await platform.DatabaseSumAsync(), await platform.Postgres.DatabasesAsync(platform.Database));

        var result = (await platform.RunAsync("import", old, "-o", "json")).Expect(ExitCode.Incomplete);

        var states = result.Json.EnumerateArray().ToDictionary(f => Path.GetFileName(Text(f, "file")), f => Text(f, "state"));
        Assert.Equal("imported", states["mlflow_20260101.sql.gz"]);
        Assert.Equal(6, states.Values.Count(s => s == "failed"));
        result.SaysWithFix("create_20260102.sql.gz", "CREATE DATABASE", "clean_20260102.sql", "DROP DATABASE", "cut_20260103.sql.gz", "damaged or cut off", "artifacts_20260104.tar.gz", "notes_20260105.sql");
        Assert.Single(await platform.SnapshotsAsync());
        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(databases, await platform.Postgres.DatabasesAsync(platform.Database));
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), "mlopsbackup-import-*"));

        (await platform.RunAsync("import", old, "--at", "2026-01-01T00:00:00Z")).Expect(ExitCode.Usage).SaysWithFix("--at is the time of one");
        (await platform.RunAsync("import", Path.Combine(old, "nowhere"))).Expect(ExitCode.Usage).SaysWithFix("is not there");
        (await platform.RunAsync("import", Path.Combine(old, "mlflow_20260101.sql.gz"), "--at", "2090-01-01T00:00:00Z")).Expect(ExitCode.Usage).SaysWithFix("yet to come");
    }

    [Fact]
    public async Task Snapshots_that_retention_will_not_keep_are_warned_of()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        await platform.DoneAsync("backup", "artifacts");
        var archive = Path.Combine(platform.Root, "artifacts_20250101.tar");
        await ShellAsync($"tar -cf {archive} -C {platform.Root} artifacts");

        (await platform.DoneAsync("import", archive)).SaysWithFix("the next prune lets 1 of them go");
    }

    private static string ContentSum(string folder) => TreeChecksum.Of(folder, contentOnly: true, TestContext.Current.CancellationToken).ToString();

    /// <returns>The folder with the artifacts.</returns>
    private static async Task<string> RestoredAsync(Platform platform, DateTime at, string database)
    {
        var time = $"{at:yyyy-MM-dd'T'HH:mm:ss'Z'}";
        await platform.DoneAsync("restore", "postgres", "--at", time, "--yes", "--to-database", $"{platform.Database}_old");
        Assert.Equal(database, await platform.DatabaseSumAsync($"{platform.Database}_old"));
        var target = Path.Combine(platform.Root, $"restored-{at:yyyyMMdd}");
        await platform.DoneAsync("restore", "artifacts", "--at", time, "--yes", "--to", target);
        await platform.Postgres.SqlAsync("postgres", $"DROP DATABASE {platform.Database}_old");
        return target;
    }

    private static Task DumpAsync(Platform platform, string rest) => ShellAsync(
        $"PGPASSWORD={platform.Password} {PostgresServer.Bin}/pg_dump -h 127.0.0.1 -p {platform.Postgres.Port} -U {platform.User} {platform.Database} {rest}");

    private static Task ShellAsync(string command) => PostgresServer.RunAsync("sh", "-c", $"set -e; {command}");

    private static string Text(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
