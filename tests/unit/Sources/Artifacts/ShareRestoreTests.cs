using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.UnitTests.Repository.Shares;

namespace KubectlMlopsBackup.UnitTests.Sources.Artifacts;

/// <summary>Several processes restore one snapshot, each its share, with no word between them.</summary>
public sealed class ShareRestoreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Shares_that_are_restored_at_once_make_the_whole(int count)
    {
        using var world = await ArtifactWorld.CreateAsync();
        Seed(world);
        var snapshot = (await world.BackUpAsync()).Snapshot;
        var reports = await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => RestoreAsync(world, snapshot, i, count, new RestoreOptions()))));
        world.AssertRestoredEqual();
        Assert.Equal(snapshot.Stats.Files, reports.Sum(r => r.Files));
        Assert.All(reports, r => Assert.Equal(0, r.ProblemCount));
        Assert.True(count == 1 || reports.Max(r => r.Bytes) < snapshot.Stats.Bytes * 0.8);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(world.Target), f => RestoreFolder.Is(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(f))));
    }

    [Fact]
    public async Task A_share_deletes_in_its_own_part_only()
    {
        using var world = await ArtifactWorld.CreateAsync();
        Seed(world);
        var snapshot = (await world.BackUpAsync()).Snapshot;
        await world.RestoreAsync(snapshot);
        var strange = Enumerable.Range(0, 40).Select(i => Path.Combine(world.Target, i % 2 == 0 ? $"strange{i}" : $"0/strange{i}/deep")).ToList();
        foreach (var path in strange)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "x");
        }

        var left = strange.Count;
        for (var i = 0; i < 3; i++)
        {
            var report = await RestoreAsync(world, snapshot, i, 3, new RestoreOptions { Delete = true });
            Assert.Equal(0, report.FilesWritten);
            var now = strange.Count(File.Exists);
            Assert.InRange(now, 0, left - 1);
            left = now;
        }

        Assert.Equal(0, left);
        world.AssertRestoredEqual();
    }

    [Fact]
    public async Task What_a_share_left_that_was_cut_off_goes_with_the_next_restore()
    {
        using var world = await ArtifactWorld.CreateAsync();
        Seed(world);
        var snapshot = (await world.BackUpAsync()).Snapshot;
        var left = Path.Combine(world.Target, ".mlopsbackup-restore-001");
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "file-0"), "x");
        await RestoreAsync(world, snapshot, 0, 3, new RestoreOptions());
        Assert.True(Directory.Exists(left));
        await world.RestoreAsync(snapshot);
        world.AssertRestoredEqual();
    }

    private static void Seed(ArtifactWorld world)
    {
        for (var run = 0; run < 24; run++)
        {
            world.Write($"{run % 2}/run{run:d2}/artifacts/model/weights", ArtifactWorld.Random(20_000 + (run * 1000)));
            world.Write($"{run % 2}/run{run:d2}/artifacts/MLmodel", ArtifactWorld.Random(100));
        }

        Directory.CreateDirectory(Path.Combine(world.Source, "9", "empty"));
        File.CreateSymbolicLink(Path.Combine(world.Source, "1", "link"), "run01");
        File.SetUnixFileMode(Path.Combine(world.Source, "0"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
    }

    private static async Task<RestoreReport> RestoreAsync(ArtifactWorld world, Snapshot snapshot, int index, int count, RestoreOptions options)
    {
        var builder = new PartitionBuilder(count, new ShareLoad(snapshot.Stats.Files, snapshot.Stats.Bytes, snapshot.Tree.Entries));
        (await ShareRuns.TreeAsync(world.Repository, snapshot)).ForEach(builder.Add);
        var (splits, units, _) = builder.Build();
        var share = new PathShare(new Partition(count, splits, units), index);
        return await world.RestoreAsync(snapshot, options with { Filter = options.Filter.Of(share) });
    }
}
