using System.Text;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Sources.Artifacts.Posix;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Sources.Artifacts;

public sealed class ArtifactRoundTripTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_restored_equals_what_was_backed_up(bool encrypted)
    {
        using var world = await ArtifactWorld.CreateAsync(encrypted);
        for (var i = 0; i < 300; i++)
        {
            world.Write($"exp{i % 7}/run{i}/artifacts/conda.yaml", Encoding.UTF8.GetBytes($"name: run\nchannels: [x]\nseed: {i % 50}\n"));
        }

        world.Write("exp1/run1/artifacts/model.bin", ArtifactWorld.Random(9 << 20));
        world.Write("exp1/run2/artifacts/zeros.bin", new byte[5 << 20]);
        world.Write("exp1/run2/artifacts/empty", []);
        world.Write("exp1/run3/artifacts/just-small", ArtifactWorld.Random((256 << 10) - 1));
        world.Write("exp1/run3/artifacts/just-large", ArtifactWorld.Random(256 << 10));
        Directory.CreateDirectory(Path.Combine(world.Source, "empty-folder"));

        var result = await world.BackUpAsync();

        Assert.Equal(Verdict.Complete, result.Snapshot.Verdict);
        Assert.Equal(305, result.Snapshot.Stats.Files);
        var report = await world.RestoreAsync(result.Snapshot);
        Assert.Equal(0, report.ProblemCount);
        Assert.Equal(305, report.FilesWritten);
        world.AssertRestoredEqual();
    }

    [Fact]
    public async Task Large_files_of_any_length_come_back()
    {
        // Around the lengths at which a file is written past the page cache, and at which its buffer is full.
        const int from = (int)DirectWriter.FilesFrom;
        int[] lengths = [from - 1, from, from + 1, from + 4095, from + 4096, (4 << 20) - 1, 4 << 20, (4 << 20) + 1, (12 << 20) + 777];
        using var world = await ArtifactWorld.CreateAsync();
        for (var i = 0; i < lengths.Length; i++)
        {
            world.Write($"weights/{i}.bin", ArtifactWorld.Random(lengths[i]));
        }

        var result = await world.BackUpAsync();

        var report = await world.RestoreAsync(result.Snapshot);
        Assert.Equal(lengths.Length, report.FilesWritten);
        Assert.Equal(lengths.Sum(l => (long)l), report.BytesWritten);
        world.AssertRestoredEqual();
    }

    [Fact]
    public async Task Odd_names_links_holes_and_modes_survive()
    {
        using var world = await ArtifactWorld.CreateAsync();
        using var root = Descriptor.OpenRoot(world.Source);
        WriteRaw(root, "new\nline"u8, "1"u8);
        WriteRaw(root, "tab\there"u8, "2"u8);
        WriteRaw(root, [0xff, 0xfe, (byte)'x'], "3"u8);
        WriteRaw(root, "100%25"u8, "4"u8);
        WriteRaw(root, " leading and trailing "u8, "5"u8);
        WriteRaw(root, "häßlich-日本"u8, "6"u8);
        WriteRaw(root, "-"u8, "7"u8);
        world.Write("a/x", "under a"u8.ToArray());
        world.Write("a-b", "beside a"u8.ToArray());
        world.Write("a.b/x", "beside a too"u8.ToArray());
        root.MakeLink("a/x"u8, "relative-link"u8);
        root.MakeLink("/nowhere/at all\n"u8, "broken-link"u8);
        root.MakeHardLink(root, "a-b"u8, "z-hard"u8);
        File.SetUnixFileMode(
            world.Write("a/script.sh", "#!/bin/sh\n"u8.ToArray()),
            UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.SetGroup);
        using (var sparse = File.Create(Path.Combine(world.Source, "sparse")))
        {
            sparse.SetLength(40 << 20);
            sparse.Position = 20 << 20;
            sparse.Write(ArtifactWorld.Random(100_000));
        }

        Directory.CreateDirectory(Path.Combine(world.Source, "readonly"));
        world.Write("readonly/file", "r"u8.ToArray());
        File.SetUnixFileMode(Path.Combine(world.Source, "readonly"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var result = await world.BackUpAsync();
        await world.RestoreAsync(result.Snapshot);

        Assert.Equal(Verdict.Complete, result.Snapshot.Verdict);
        world.AssertRestoredEqual();
        using var target = Descriptor.OpenRoot(world.Target);
        Assert.Equal(target.StatusOf("a-b"u8).Inode, target.StatusOf("z-hard"u8).Inode);
        Assert.True(target.StatusOf("sparse"u8).Blocks * 512 < 2 << 20, "the hole was filled");
    }

    [Fact]
    public async Task An_unchanged_tree_is_not_read_again_and_stores_next_to_nothing()
    {
        using var world = await ArtifactWorld.CreateAsync();
        for (var i = 0; i < 100; i++)
        {
            world.Write($"run{i}/metrics.json", Encoding.UTF8.GetBytes($"{{\"loss\": {i}}}"));
        }

        world.Write("model", ArtifactWorld.Random(2 << 20));
        var first = await world.BackUpAsync();
        var second = await world.BackUpAsync();

        Assert.Equal(101, second.Snapshot.Stats.UnchangedFiles);
        Assert.Equal(0, second.Snapshot.Stats.BytesRead);
        Assert.Equal(0, second.Snapshot.Stats.BytesStored);
        Assert.Equal(first.Snapshot.Tree, second.Snapshot.Tree with { Chunks = first.Snapshot.Tree.Chunks });
        Assert.Equal(first.Snapshot.Tree.Chunks, second.Snapshot.Tree.Chunks);
        Assert.Equal(first.Snapshot.Id, second.Snapshot.Follows);
    }

    [Fact]
    public async Task Read_again_by_force_it_stores_nothing_new()
    {
        using var world = await ArtifactWorld.CreateAsync();
        for (var i = 0; i < 500; i++)
        {
            world.Write($"run{i}/params.json", ArtifactWorld.Random(3000 + i));
        }

        await world.BackUpAsync();
        var second = await world.BackUpAsync(forceRead: true);

        Assert.Equal(0, second.Snapshot.Stats.UnchangedFiles);
        Assert.Equal(0, second.Snapshot.Stats.BytesNew);
    }

    [Fact]
    public async Task A_file_that_changed_in_the_last_second_is_read_again_next_time()
    {
        using var world = await ArtifactWorld.CreateAsync();
        world.Write("fresh", "one"u8.ToArray());
        await world.BackUpAsync(walkClock: TimeProvider.System);
        var second = await world.BackUpAsync(walkClock: TimeProvider.System);
        Assert.Equal(0, second.Snapshot.Stats.UnchangedFiles);
    }

    [Fact]
    public async Task Restoring_over_a_tree_writes_only_what_differs()
    {
        using var world = await ArtifactWorld.CreateAsync();
        for (var i = 0; i < 50; i++)
        {
            world.Write($"run{i}/metrics.json", Encoding.UTF8.GetBytes($"{{\"loss\": {i}}}"));
        }

        var weights = ArtifactWorld.Random(20 << 20);
        world.Write("model", weights);
        var result = await world.BackUpAsync();
        await world.RestoreAsync(result.Snapshot);

        var model = Path.Combine(world.Target, "model");
        using (var file = File.OpenWrite(model))
        {
            file.Position = 10 << 20;
            file.WriteByte((byte)(weights[10 << 20] ^ 1));
        }

        File.Delete(Path.Combine(world.Target, "run7/metrics.json"));
        File.WriteAllText(Path.Combine(world.Target, "run8/metrics.json"), "{\"loss\": X}");
        var report = await world.RestoreAsync(result.Snapshot);

        Assert.Equal(3, report.FilesWritten);
        Assert.InRange(report.BytesWritten, 1, 5 << 20);
        world.AssertRestoredEqual();
    }

    [Fact]
    public async Task With_delete_what_the_snapshot_lacks_goes()
    {
        using var world = await ArtifactWorld.CreateAsync();
        world.Write("keep/a", "a"u8.ToArray());
        var result = await world.BackUpAsync();
        await world.RestoreAsync(result.Snapshot);
        Directory.CreateDirectory(Path.Combine(world.Target, "extra/deep/er"));
        File.WriteAllText(Path.Combine(world.Target, "extra/deep/file"), "x");
        File.WriteAllText(Path.Combine(world.Target, "keep/b"), "x");
        File.CreateSymbolicLink(Path.Combine(world.Target, "link"), "/etc");

        var kept = await world.RestoreAsync(result.Snapshot);
        Assert.Equal(0, kept.Deleted);
        Assert.True(File.Exists(Path.Combine(world.Target, "keep/b")));

        var report = await world.RestoreAsync(result.Snapshot, new RestoreOptions { Delete = true });
        Assert.Equal(6, report.Deleted);
        world.AssertRestoredEqual();
    }

    [Fact]
    public async Task What_lies_in_the_way_is_replaced_and_links_are_not_followed()
    {
        using var world = await ArtifactWorld.CreateAsync();
        world.Write("folder/file", "content"u8.ToArray());
        world.Write("plain", "content"u8.ToArray());
        var result = await world.BackUpAsync();
        var outside = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(world.Target)!, "outside")).FullName;
        Directory.CreateDirectory(world.Target);
        File.CreateSymbolicLink(Path.Combine(world.Target, "folder"), outside);
        Directory.CreateDirectory(Path.Combine(world.Target, "plain/was/a/folder"));

        await world.RestoreAsync(result.Snapshot, new RestoreOptions { Delete = true });

        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        world.AssertRestoredEqual();
    }

    [Fact]
    public async Task A_part_is_restored_with_include_and_exclude()
    {
        using var world = await ArtifactWorld.CreateAsync();
        world.Write("1/run/model/MLmodel", "m"u8.ToArray());
        world.Write("1/run/model/weights", "w"u8.ToArray());
        world.Write("2/run/model/MLmodel", "m2"u8.ToArray());
        var result = await world.BackUpAsync();

        await world.RestoreAsync(
            result.Snapshot,
            new RestoreOptions { Filter = new KubectlMlopsBackup.Sources.Artifacts.PathFilter(["1/**"], ["weights"]) });

        Assert.Equal(
            ["1/run/model/MLmodel"],
            Directory.EnumerateFiles(world.Target, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(world.Target, f)));
    }

    [Fact]
    public async Task An_empty_source_is_a_failure_unless_allowed()
    {
        using var world = await ArtifactWorld.CreateAsync();
        var error = await Assert.ThrowsAsync<UserError>(() => world.BackUpAsync());
        Assert.Contains("has no files", error.Message);

        var result = await world.BackUpAsync(allowEmpty: true);
        Assert.Equal(0, result.Snapshot.Stats.Files);
    }

    [Fact]
    public async Task A_source_that_may_be_empty_at_first_may_not_become_so()
    {
        using var world = await ArtifactWorld.CreateAsync();
        Assert.Equal(0, (await world.BackUpAsync(allowEmptyAtFirst: true)).Snapshot.Stats.Files);
        Assert.Equal(0, (await world.BackUpAsync(allowEmptyAtFirst: true)).Snapshot.Stats.Files);
        var file = world.Write("1/run/model/MLmodel", "m"u8.ToArray());
        Assert.Equal(1, (await world.BackUpAsync(allowEmptyAtFirst: true)).Snapshot.Stats.Files);

        File.Delete(file);

        var error = await Assert.ThrowsAsync<UserError>(() => world.BackUpAsync(allowEmptyAtFirst: true));
        Assert.Contains("has no files, and had 1 on", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Equal_files_are_stored_once()
    {
        using var world = await ArtifactWorld.CreateAsync();
        var small = ArtifactWorld.Random(20_000);
        var large = ArtifactWorld.Random(3 << 20);
        for (var i = 0; i < 200; i++)
        {
            world.Write($"run{i:000}/small", small);
        }

        for (var i = 0; i < 10; i++)
        {
            world.Write($"run{i:000}/weights", large);
        }

        var options = WriterOptions.Default with { Encoders = 1 };
        var result = await world.BackUpAsync(options: options);
        Assert.InRange(result.Snapshot.Stats.BytesNew, large.Length, large.Length + (small.Length * 40));
    }

    private static void WriteRaw(Descriptor root, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        using var file = root.CreateFile(name, 0x1A4);
        file.Write(content, 0);
    }

    [Fact]
    public async Task A_restore_fetches_each_bundle_once_however_often_its_files_come_again()
    {
        var reads = 0;
        var store = new FaultyStore(new MemoryStore(), call =>
        {
            reads += call.Operation == StoreOperation.Read ? 1 : 0;
            return StoreFault.None;
        });
        using var world = await ArtifactWorld.CreateAsync(store: store);
        // Nine bundles, and after them files that equal one of another bundle each time.
        const int files = 600;
        for (var i = 0; i < files; i++)
        {
            var content = ArtifactWorld.Random(10_000);
            world.Write($"a/{i:000}", content);
            world.Write($"b/{i * 67 % files:000}", content);
        }

        var snapshot = (await world.BackUpAsync()).Snapshot;
        var index = await IndexLoader.LoadAsync(world.Repository, ArtifactWorld.Cancel);
        reads = 0;
        await world.RestoreAsync(snapshot);
        world.AssertRestoredEqual();
        // The tree is read twice, the index once.
        Assert.True(reads <= index.Index.ChunkCount + (2 * snapshot.Tree.Chunks.Count) + index.Keys.Count, $"{reads} reads");
    }
}
