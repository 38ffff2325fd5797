using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

[Collection(CliTests.Name)]
public sealed class DiskTests(PlatformServer server)
{
    [Fact]
    public async Task A_full_disk_is_named_and_hurts_nothing_that_was_there()
    {
        using var disk = TemporaryFileSystem.Mount(mebibytes: 16);
        await using var platform = await OnAsync(disk);
        var tree = platform.TreeSum();
        var random = new byte[40 << 20];
        new Random(1).NextBytes(random);
        File.WriteAllBytes(Path.Combine(platform.Artifacts, "large"), random);

        (await platform.RunAsync("backup", "artifacts")).Expect(ExitCode.Failed).SaysWithFix("no space left", disk.Path);

        Assert.Empty(Directory.GetFiles(Path.Combine(disk.Path, "repository", "tmp")));
        await platform.DoneAsync("verify", "data");
        var target = Path.Combine(platform.Root, "target");
        await platform.DoneAsync("restore", "artifacts", "--to", target);
        Assert.Equal(tree, platform.TreeSum(target));
        File.Delete(Path.Combine(platform.Artifacts, "large"));
        (await platform.RunAsync("backup", "artifacts")).Says();
        await platform.DoneAsync("verify", "data");
    }

    [Fact]
    public async Task A_repository_that_can_only_be_read_is_listed_verified_and_restored_from()
    {
        using var disk = TemporaryFileSystem.Mount(mebibytes: 32);
        await using var platform = await OnAsync(disk);
        var (database, tree) = (await platform.DatabaseSumAsync(), platform.TreeSum());
        disk.MakeReadOnly();

        Assert.Equal(2, (await platform.SnapshotsAsync()).Length);
        await platform.DoneAsync("verify", "structure");
        await platform.DoneAsync("verify", "data");
        await platform.DropDatabaseAsync();
        Directory.Delete(platform.Artifacts, recursive: true);
        await platform.DoneAsync("restore", "all", "--yes");
        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(tree, platform.TreeSum());
        await platform.GrowAsync();
        (await platform.RunAsync("backup", "artifacts")).Expect(ExitCode.Failed).SaysWithFix("read-only", disk.Path);
        (await platform.RunAsync("backup", "postgres")).Expect(ExitCode.Failed).SaysWithFix("read-only", disk.Path);
        (await platform.RunAsync("prune")).Expect(ExitCode.Failed).SaysWithFix("read-only", disk.Path);
    }

    [Fact]
    public async Task A_file_system_that_can_do_little_is_restored_onto()
    {
        using var disk = TemporaryFileSystem.MountPlain();
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        var random = new byte[(9 << 20) + 1];
        new Random(1).NextBytes(random);
        File.WriteAllBytes(Path.Combine(platform.Artifacts, "large"), random);
        await platform.DoneAsync("backup", "artifacts");

        var target = Path.Combine(disk.Path, "target");
        await platform.DoneAsync("restore", "artifacts", "--to", target);

        Assert.Equal(platform.TreeSum(), platform.TreeSum(target));
    }

    private async Task<Platform> OnAsync(TemporaryFileSystem disk)
    {
        var platform = await Platform.CreateAsync(server);
        platform.Plan = platform.Plan! with { Repositories = [$"{{name: local, path: {disk.Path}/repository}}"] };
        await platform.InitAsync();
        await platform.DoneAsync("backup", "all");
        return platform;
    }
}
