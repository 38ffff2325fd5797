using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.Artifacts.S3;

namespace KubectlMlopsBackup.EndToEndTests.Artifacts;

/// <summary>Artifacts from a bucket, and into one.</summary>
public sealed class S3ArtifactsTests : IAsyncLifetime
{
    /// <summary>Sorted by bytes, not by what a culture or UTF-16 would say.</summary>
    private static readonly string[] OddKeys =
    [
        "/leading", "a b", "a+b", "a//b", "ä/ö/ü", "back\\slash", "dots/../up", "emoji 😀", "nl\nx", "p%41q", "q?x#y", "tab\tx", "\ufffdz",
    ];

    private S3ArtifactWorld world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => world = await S3ArtifactWorld.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (world is not null)
        {
            await world.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_did_not_change_is_not_read_again()
    {
        await world.FillAsync(500, large: 2);
        var first = await world.BackUpAsync();
        Assert.Equal(Verdict.Complete, first.Verdict);
        Assert.Equal(502, first.Stats.Files);
        Assert.Equal(first.Stats.Bytes, first.Stats.BytesRead);

        var second = await world.BackUpAsync();
        // The empty one has nothing that could be kept.
        Assert.Equal(501, second.Stats.UnchangedFiles);
        Assert.Equal(0, second.Stats.BytesRead);

        await world.PutAsync("runs/0007/params.json", S3ArtifactWorld.Bytes(77, seed: -1));
        var third = await world.BackUpAsync();
        Assert.Equal(77, third.Stats.BytesRead);

        await world.RestoreAsync(third, "back");
        await world.AssertEqualAsync("back");
    }

    [Fact]
    public async Task A_restore_writes_only_what_differs_and_then_nothing()
    {
        await world.FillAsync(300, large: 2);
        var snapshot = await world.BackUpAsync();
        var first = await world.RestoreAsync(snapshot, "back");
        Assert.Equal(302, first.FilesWritten);
        Assert.Equal(first.Bytes, first.BytesWritten);
        await world.AssertEqualAsync("back");

        var second = await world.RestoreAsync(snapshot, "back");
        Assert.True(second.WasEqual);
        Assert.Equal(302, second.Files);

        await world.PutAsync("runs/0003/params.json", S3ArtifactWorld.Bytes(5, seed: 5), "back");
        await world.DeleteAsync("runs/0004/params.json", "back");
        await world.PutAsync("models/0", S3ArtifactWorld.Bytes(S3ArtifactWorld.Large, seed: 5), "back");
        await world.PutAsync("models/extra", [1], "back");
        var dry = await world.RestoreAsync(snapshot, "back", new RestoreOptions { DryRun = true, Delete = true });
        Assert.Equal((3, 1), (dry.FilesWritten, dry.Deleted));
        Assert.DoesNotContain("runs/0004/params.json", (await world.ContentAsync("back")).Keys);

        var third = await world.RestoreAsync(snapshot, "back");
        Assert.Equal(3, third.FilesWritten);
        Assert.Equal(0, third.Deleted);
        Assert.Equal(1, (await world.RestoreAsync(snapshot, "back", new RestoreOptions { Delete = true })).Deleted);
        await world.AssertEqualAsync("back");
    }

    [Fact]
    public async Task A_restore_over_the_source_itself_writes_nothing()
    {
        await world.FillAsync(20, large: 1);
        var snapshot = await world.BackUpAsync();
        Assert.True((await world.RestoreAsync(snapshot, S3ArtifactWorld.SourcePrefix, new RestoreOptions { Delete = true })).WasEqual);
    }

    [Fact]
    public async Task What_another_tool_uploaded_in_other_parts_is_compared_by_content()
    {
        Directory.CreateDirectory(Path.Combine(world.Folder, "models"));
        var content = S3ArtifactWorld.Bytes(5 << 20, seed: 1);
        await File.WriteAllBytesAsync(Path.Combine(world.Folder, "models/0"), content, Token);
        await File.WriteAllBytesAsync(Path.Combine(world.Folder, "small"), [1, 2, 3], Token);
        await world.PutAsync("models/0", content, "back");
        await world.PutAsync("small", [1, 2, 3], "back");
        var snapshot = await world.BackUpAsync(new DirectorySource(world.Folder, PathFilter.Everything, TimeProvider.System));

        Assert.True((await world.RestoreAsync(snapshot, "back")).WasEqual);
        content[4_000_000] ^= 1;
        await world.PutAsync("models/0", content, "back");
        Assert.Equal(1, (await world.RestoreAsync(snapshot, "back")).FilesWritten);
    }

    [Fact]
    public async Task A_part_can_be_restored_and_deleted()
    {
        await world.FillAsync(30, large: 0);
        var snapshot = await world.BackUpAsync();
        await world.PutAsync("runs/0001/extra", [1], "back");
        await world.PutAsync("runs/0002/extra", [1], "back");
        var options = new RestoreOptions { Filter = new PathFilter(["runs/0001"], []), Delete = true };
        var report = await world.RestoreAsync(snapshot, "back", options);

        Assert.Equal((1, 1), (report.FilesWritten, report.Deleted));
        Assert.Equal(["runs/0001/params.json", "runs/0002/extra"], (await world.ContentAsync("back")).Keys);
    }

    [Fact]
    public async Task Excluded_objects_are_left_out()
    {
        await world.FillAsync(10, large: 0);
        await world.PutAsync("runs/0001/tmp/x", [1]);
        using var source = world.Source(filter: new PathFilter([], ["tmp", "runs/0002/*"]));
        Assert.Equal(9, (await world.BackUpAsync(source)).Stats.Files);
    }

    [Fact]
    public async Task Objects_restored_into_a_folder_are_equal()
    {
        await world.FillAsync(200, large: 1);
        var snapshot = await world.BackUpAsync();
        var report = await world.RestoreAsync(snapshot, new FolderTarget(world.Folder, TimeProvider.System));
        Assert.Equal(201, report.FilesWritten);
        await world.AssertFolderEqualAsync();
        Assert.Equal(
            UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
            File.GetUnixFileMode(Path.Combine(world.Folder, "runs")) & (UnixFileMode.OtherRead | UnixFileMode.OtherExecute));
        Assert.True((await world.RestoreAsync(snapshot, new FolderTarget(world.Folder, TimeProvider.System))).WasEqual);
    }

    [Fact]
    public async Task A_folder_restored_into_a_bucket_is_equal_and_its_links_are_named()
    {
        Directory.CreateDirectory(Path.Combine(world.Folder, "empty"));
        Directory.CreateDirectory(Path.Combine(world.Folder, "a"));
        for (var i = 0; i < 50; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(world.Folder, "a", $"{i} ü"), S3ArtifactWorld.Bytes(i * 900, i), Token);
        }

        await File.WriteAllBytesAsync(Path.Combine(world.Folder, "a.large"), S3ArtifactWorld.Bytes(S3ArtifactWorld.Large, 1), Token);
        await using (var sparse = File.Create(Path.Combine(world.Folder, "sparse")))
        {
            sparse.SetLength(1 << 20);
        }

        File.CreateSymbolicLink(Path.Combine(world.Folder, "link"), "a");
        var snapshot = await world.BackUpAsync(new DirectorySource(world.Folder, PathFilter.Everything, TimeProvider.System));
        var report = await world.RestoreAsync(snapshot, S3ArtifactWorld.SourcePrefix);

        Assert.Equal("link", Assert.Single(report.Problems).Path);
        Assert.Equal(52, report.FilesWritten);
        File.Delete(Path.Combine(world.Folder, "link"));
        await world.AssertFolderEqualAsync();
        Assert.True((await world.RestoreAsync(snapshot, S3ArtifactWorld.SourcePrefix, new RestoreOptions { Delete = true })).WasEqual);
    }

    [Fact]
    public async Task Odd_keys_come_back_in_a_bucket_and_what_a_folder_cannot_have_is_named()
    {
        await world.PutAllAsync(OddKeys, key => S3ArtifactWorld.Bytes(1000 + key.Length, key.Length));
        await world.PutAsync("file", [1]);
        await world.PutAsync("file!", [2]);
        await world.PutAsync("file/below", [3]);
        await world.PutAsync("marker/", []);
        await world.PutAsync("marker/x", [4]);
        await world.PutAsync("", []);
        var snapshot = await world.BackUpAsync();
        Assert.Equal(Verdict.Complete, snapshot.Verdict);
        Assert.Equal(OddKeys.Length + 5, snapshot.Stats.Files);
        await world.DeleteAsync("");

        var report = await world.RestoreAsync(snapshot, "back");
        Assert.Equal(0, report.ProblemCount);
        await world.AssertEqualAsync("back");
        Assert.True((await world.RestoreAsync(snapshot, "back", new RestoreOptions { Delete = true })).WasEqual);

        var folder = await world.RestoreAsync(snapshot, new FolderTarget(world.Folder, TimeProvider.System));
        Assert.Equal(["/leading", "a//b", "dots/../up", "file/below"], folder.Problems.Select(p => p.Path));
        Assert.Equal(OddKeys.Length - 3 + 3, Directory.EnumerateFiles(world.Folder, "*", SearchOption.AllDirectories).Count());
        Assert.Equal([1], await File.ReadAllBytesAsync(Path.Combine(world.Folder, "file"), Token));
        Assert.False(File.Exists(Path.Combine(world.Folder, "up")));
    }

    [Fact]
    public async Task Odd_keys_that_are_not_in_the_snapshot_are_deleted()
    {
        await world.PutAsync("kept", [1]);
        var snapshot = await world.BackUpAsync();
        await world.PutAllAsync(OddKeys, _ => [2]);
        var report = await world.RestoreAsync(snapshot, S3ArtifactWorld.SourcePrefix, new RestoreOptions { Delete = true });

        Assert.Equal(OddKeys.Length, report.Deleted);
        Assert.Equal(["kept"], (await world.ContentAsync()).Keys);
    }

    [Fact]
    public async Task More_keys_than_one_page_has_are_listed_and_deleted()
    {
        await world.FillAsync(1500, large: 0);
        var snapshot = await world.BackUpAsync();
        Assert.Equal(1500, snapshot.Stats.Files);
        Assert.Equal(1500, (await world.RestoreAsync(snapshot, "back")).FilesWritten);
        await world.AssertEqualAsync("back");

        var nothing = new RestoreOptions { Filter = new PathFilter([], ["kept"]), Delete = true };
        await Parallel.ForAsync(0, 1200, Token, async (i, _) => await world.PutAsync($"more/{i}", [1], "back"));
        Assert.Equal(1200, (await world.RestoreAsync(snapshot, "back", nothing)).Deleted);
    }
}
