using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

[Collection(CliTests.Name)]
public sealed class VerifyTests(PlatformServer server)
{
    [Fact]
    public async Task One_flipped_bit_in_a_pack_is_found_and_the_hurt_recovery_points_are_named()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        await platform.GrowAsync();
        await platform.DoneAsync("backup", "all");
        var pack = Directory.GetFiles(Path.Combine(platform.Repository, "packs"), "*", SearchOption.AllDirectories)
            .MaxBy(f => new FileInfo(f).Length)!;
        var bytes = await File.ReadAllBytesAsync(pack, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(pack, bytes, TestContext.Current.CancellationToken);

        // Names and sizes are as they were: only reading shows it.
        await platform.DoneAsync("verify", "structure");
        await FindsAsync(platform, "data", Path.GetFileName(pack));
    }

    [Theory]
    [InlineData("index")]
    [InlineData("packs")]
    public async Task A_missing_object_is_found_by_its_structure(string kind)
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var gone = Directory.GetFiles(Path.Combine(platform.Repository, kind), "*", SearchOption.AllDirectories)
            .MaxBy(f => new FileInfo(f).Length)!;
        File.Delete(gone);

        // Without its index a pack is an orphan; what is lost is named by the snapshots that need it.
        await FindsAsync(platform, "structure", kind == "packs" ? Path.GetFileName(gone) : "snapshots/");
        await FindsAsync(platform, "data", kind == "packs" ? Path.GetFileName(gone) : "snapshots/");
    }

    [Fact]
    public async Task A_truncated_snapshot_is_found_by_name()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var snapshot = Directory.GetFiles(Path.Combine(platform.Repository, "snapshots")).Order(StringComparer.Ordinal).First();
        await using (var file = new FileStream(snapshot, FileMode.Open, FileAccess.Write))
        {
            file.SetLength(file.Length / 2);
        }

        var found = (await platform.RunAsync("verify", "structure")).Expect(ExitCode.CheckFailed);
        Assert.Contains(Path.GetFileName(snapshot), found.Output, StringComparison.Ordinal);
        Assert.Contains("DAMAGED", found.Output, StringComparison.Ordinal);
        (await platform.RunAsync("list")).Expect(ExitCode.CheckFailed).Says("damaged", Path.GetFileName(snapshot));
    }

    [Fact]
    public async Task A_deleted_snapshot_is_missed()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var id = (await platform.SnapshotsAsync("artifacts"))[0];
        // The artifacts' was written last; two of one second are in no order by name.
        File.Delete(Directory.GetFiles(Path.Combine(platform.Repository, "snapshots")).MaxBy(File.GetLastWriteTimeUtc)!);

        var found = (await platform.RunAsync("verify", "structure")).Expect(ExitCode.CheckFailed);
        Assert.Contains(id[..8], found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_backup_is_not_restored_without_an_error()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        foreach (var pack in Directory.GetFiles(Path.Combine(platform.Repository, "packs"), "*", SearchOption.AllDirectories))
        {
            await using var file = new FileStream(pack, FileMode.Open, FileAccess.ReadWrite);
            file.Position = file.Length / 3;
            var old = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(old ^ 1));
        }

        var (database, tree) = (await platform.DatabaseSumAsync(), platform.TreeSum());
        var target = Path.Combine(platform.Root, "target");
        Assert.Contains(
            (await platform.RunAsync("restore", "artifacts", "--to", target)).Code,
            new[] { (int)ExitCode.CheckFailed, (int)ExitCode.Incomplete });
        (await platform.RunAsync("restore", "all", "--yes")).Expect(ExitCode.CheckFailed);
        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(tree, platform.TreeSum());
    }

    [Fact]
    public async Task A_subset_reads_a_part_and_its_share_must_make_sense()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        await platform.GrowAsync();
        await platform.DoneAsync("backup", "all");
        var report = (await platform.JsonAsync("verify", "data", "--read-data-subset", "1%"))[0];

        Assert.InRange(report.GetProperty("packsRead").GetInt32(), 1, report.GetProperty("packs").GetInt32() - 1);
        Assert.Equal("structure", report.GetProperty("level").GetString());
        foreach (var share in new[] { "0%", "101%", "half", "-5%" })
        {
            (await platform.RunAsync("verify", "data", $"--read-data-subset={share}")).Expect(ExitCode.Usage).SaysWithFix("--read-data-subset");
        }

        (await platform.RunAsync("verify", "structure", "--read-data-subset", "5%")).Expect(ExitCode.Usage).SaysWithFix("verify data");
    }

    private static async Task FindsAsync(Platform platform, string level, string named)
    {
        var found = (await platform.RunAsync("verify", level)).Expect(ExitCode.CheckFailed);
        Assert.Contains(named, found.Output, StringComparison.Ordinal);
        Assert.Contains("DAMAGED", found.Output, StringComparison.Ordinal);
        Assert.Contains("hurt recovery points of local: ", found.Output, StringComparison.Ordinal);
        var points = (await platform.PointsAsync()).Select(p => p.GetProperty("id").GetString()!).ToList();
        var hurt = (await platform.RunAsync("verify", level, "-o", "json")).Expect(ExitCode.CheckFailed)
            .Json[0].GetProperty("hurtRecoveryPoints").EnumerateArray().Select(p => p.GetString()!).ToList();
        Assert.NotEmpty(hurt);
        Assert.Subset(points.ToHashSet(), hurt.ToHashSet());
        Assert.All(hurt, p => Assert.Contains(p[..8], found.Output, StringComparison.Ordinal));
    }
}
