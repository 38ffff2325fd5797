using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

[Collection(CliTests.Name)]
public sealed class MirrorTests(PlatformServer server)
{
    [Fact]
    public async Task A_backup_is_mirrored_and_a_second_mirror_sends_nothing()
    {
        await using var platform = await WithSecondAsync();
        await platform.InitAsync();
        await platform.DoneAsync("backup", "all");
        var here = await platform.SnapshotsAsync("all", "--repository", "local");
        Assert.Equal(here, await platform.SnapshotsAsync("all", "--repository", "second"));

        var before = await platform.ListingAsync();
        var report = (await platform.JsonAsync("mirror"))[0];

        Assert.Equal(0, report.GetProperty("copied").GetArrayLength());
        Assert.Equal(2, report.GetProperty("present").GetInt32());
        Assert.Equal(0, report.GetProperty("bytesStored").GetInt64());
        Assert.Equal(before, await platform.ListingAsync());
        await platform.DoneAsync("verify", "data");
    }

    [Fact]
    public async Task A_broken_second_repository_leaves_the_first_good_and_is_caught_up_with_later()
    {
        await using var platform = await WithSecondAsync();
        await platform.InitAsync();
        await platform.DoneAsync("backup", "all");
        var second = Path.Combine(platform.Root, "second");
        Directory.Move(second, second + ".away");
        await platform.GrowAsync();

        var backup = (await platform.RunAsync("backup", "all", "-o", "json")).Expect(ExitCode.Incomplete);

        Assert.Contains("there is no repository", backup.Json.GetProperty("mirrors")[0].GetProperty("error").GetString()!, StringComparison.Ordinal);
        Assert.False(Directory.Exists(second));
        (await platform.RunAsync("list")).Expect(ExitCode.Incomplete).Says("second", "could not be opened");
        await platform.DoneAsync("verify", "data", "--repository", "local");

        Directory.Move(second + ".away", second);
        var report = (await platform.JsonAsync("mirror"))[0];
        Assert.Equal(2, report.GetProperty("copied").GetArrayLength());
        Assert.Equal(
            await platform.SnapshotsAsync("all", "--repository", "local"),
            await platform.SnapshotsAsync("all", "--repository", "second"));
        await platform.DoneAsync("verify", "data");

        var (database, tree) = (await platform.DatabaseSumAsync(), platform.TreeSum());
        await platform.DropDatabaseAsync();
        Directory.Delete(platform.Artifacts, recursive: true);
        await platform.DoneAsync("restore", "all", "--yes", "--repository", "second");
        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(tree, platform.TreeSum());
    }

    [Fact]
    public async Task Without_a_mirror_is_without_a_mirror()
    {
        await using var platform = await WithSecondAsync();
        await platform.InitAsync();
        await platform.DoneAsync("backup", "artifacts", "--no-mirror");

        Assert.Empty(await platform.SnapshotsAsync("all", "--repository", "second"));
        await platform.DoneAsync("mirror", "--from", "local", "--to", "second");
        Assert.Single(await platform.SnapshotsAsync("all", "--repository", "second"));
    }

    [Fact]
    public async Task A_copied_folder_is_not_taken_for_a_second_repository()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        await Platform.CopyTreeAsync(platform.Repository, Path.Combine(platform.Root, "second"));
        platform.Plan = Second(platform);
        platform.WritePlan();
        var before = await platform.ListingAsync();

        foreach (var command in new[] { new[] { "list" }, ["mirror"], ["restore", "artifacts", "--yes"], ["describe", "abcdef"], ["backup", "artifacts"], ["verify"], ["prune"] })
        {
            (await platform.RunAsync(command)).Expect(ExitCode.Usage).SaysWithFix("local", "second", "init --repositories");
        }

        Assert.Equal(before, await platform.ListingAsync());
    }

    private async Task<Platform> WithSecondAsync()
    {
        var platform = await Platform.CreateAsync(server);
        platform.Plan = Second(platform);
        return platform;
    }

    private static PlanText Second(Platform platform) => platform.Plan! with
    {
        Repositories = [.. platform.Plan.Repositories, $"{{name: second, path: {platform.Root}/second}}"],
    };
}
