using System.Diagnostics;
using System.Text;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Posix;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Testing;
using KubectlMlopsBackup.UnitTests.Repository;

namespace KubectlMlopsBackup.UnitTests.Sources.Artifacts;

/// <summary>Files that change, vanish or cannot be read, trees by an enemy, and restores that were cut off.</summary>
public sealed class ArtifactTroubleTests : IDisposable
{
    private readonly MemoryStore store = new();

    [Theory]
    [InlineData(100)]
    [InlineData(400_000)]
    public async Task A_file_that_vanishes_or_cannot_be_read_is_named_and_the_rest_is_backed_up(int size)
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        var files = Files(size);
        var snapshot = await Engine.BackUpAsync(repository, new MemorySource(files)
        {
            Opening = name =>
            {
                if (name == "b/gone")
                {
                    throw new SourceChangedException("vanished while it was read");
                }
            },
            Reading = (name, position) =>
            {
                if (name == "c/bad" && (position > 0 || size < 1000))
                {
                    throw new IOException("cannot be read: Input/output error");
                }
            },
        });
        Assert.Equal(Verdict.Incomplete, snapshot.Verdict);
        Assert.Equal(2, snapshot.ProblemCount);
        Assert.Equal(["b/gone", "c/bad"], snapshot.Problems.Select(p => p.Path));
        Assert.Contains("vanished", snapshot.Problems[0].Reason);
        Assert.Contains("Input/output", snapshot.Problems[1].Reason);
        files.Remove("b/gone");
        files.Remove("c/bad");
        await Engine.AssertRestoresAsync(repository, snapshot, files);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(400_000)]
    public async Task A_file_that_keeps_changing_is_kept_and_named_and_read_again_next_time(int size)
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        var files = Files(size);
        var snapshot = await Engine.BackUpAsync(repository, new MemorySource(files) { Changed = name => name == "c/bad" });
        Assert.Equal(Verdict.Incomplete, snapshot.Verdict);
        Assert.Equal("c/bad", Assert.Single(snapshot.Problems).Path);
        await Engine.AssertRestoresAsync(repository, snapshot, files);
        var next = await Engine.BackUpAsync(repository, files);
        Assert.Equal(Verdict.Complete, next.Verdict);
        Assert.Equal(files.Count - 1, next.Stats.UnchangedFiles);
    }

    [Fact]
    public async Task A_file_that_changed_once_is_read_again_at_once()
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        var files = Files(400_000);
        var times = 0;
        var snapshot = await Engine.BackUpAsync(
            repository, new MemorySource(files) { Changed = name => name == "c/bad" && Interlocked.Increment(ref times) == 1 });
        Assert.Equal(Verdict.Complete, snapshot.Verdict);
        await Engine.AssertRestoresAsync(repository, snapshot, files);
    }

    [Fact]
    public async Task Every_name_of_a_file_that_cannot_be_read_is_named()
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        var snapshot = await Engine.BackUpAsync(repository, new MemorySource(Files(400_000))
        {
            Inode = name => name is "b/gone" or "c/bad" ? 7 : null,
            Opening = name =>
            {
                if (name == "b/gone")
                {
                    throw new IOException("cannot be read");
                }
            },
        });
        Assert.Equal(["b/gone", "c/bad"], snapshot.Problems.Select(p => p.Path));
    }

    [Fact]
    public async Task A_failing_store_fails_the_backup_and_is_no_problem_of_a_file()
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        var failing = new FaultyStore(
            store, call => call.Operation == StoreOperation.Commit ? StoreFault.ThrowBefore : StoreFault.None);
        await Assert.ThrowsAsync<InjectedFaultException>(
            () => Engine.BackUpAsync(repository.Through(failing, TimeProvider.System), Files(400_000)));
        Assert.Empty((await Engine.CatalogAsync(repository)).Snapshots);
    }

    [Fact]
    public async Task Pipes_and_sockets_are_named_and_the_rest_is_backed_up()
    {
        using var world = await ArtifactWorld.CreateAsync();
        world.Write("a", "a"u8.ToArray());
        var pipe = Path.Combine(world.Source, "pipe");
        using (var make = Process.Start("mkfifo", [pipe]))
        {
            await make.WaitForExitAsync(ArtifactWorld.Cancel);
        }

        Assert.True(File.Exists(pipe));
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(world.Source, "sock")));
        var result = await world.BackUpAsync();
        Assert.Equal(["pipe", "sock"], result.Snapshot.Problems.Select(p => p.Path));
        Assert.Equal(1, result.Snapshot.Stats.Files);
    }

    [Fact]
    public async Task More_readers_than_buffers_do_not_wait_for_each_other_for_ever()
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        var random = new Random(1);
        // Each several times a slab, so that its reader wants a second one while it holds the first.
        var files = Enumerable.Range(0, 24).ToDictionary(i => $"f{i:00}", _ => Engine.Bytes(random, 300_000));
        var backup = new ArtifactBackup(
            repository, new MemorySource(files), new ArtifactBackupOptions { Plan = "test", Readers = 16 }, new BackupCounters());
        var result = await backup.RunAsync(Engine.SmallPacks with { Encoders = 1 }, Engine.Cancel)
            .WaitAsync(TimeSpan.FromMinutes(5), Engine.Cancel);
        await Engine.AssertRestoresAsync(repository, result.Snapshot, files);
    }

    [Fact]
    public async Task Hostile_trees_write_nothing_outside_the_target()
    {
        using var world = await ArtifactWorld.CreateAsync(store: store);
        var parent = Path.GetDirectoryName(world.Target)!;
        var outside = Directory.CreateDirectory(Path.Combine(parent, "outside")).FullName;
        var chunk = ChunkId.Of([1, 2, 3]);
        string F(string path) => $"f\t0644\t0\t0\t1.000000000\t3\t-\t-\t{chunk}:0:3\t{path}\n";
        string L(string path, string target) => $"l\t0777\t0\t0\t1.000000000\t0\t-\t-\t-\t{path}\t{target}\n";
        string D(string path) => $"d\t0755\t0\t0\t1.000000000\t0\t-\t-\t-\t{path}\n";
        var trees = new[]
        {
            F("../outside/x"), F($"{outside}/x"), F("a/../../outside/x"),
            L("a", outside) + F("a/file"),
            L("a", "../outside") + D("a") + F("a/file"),
            F("a") + F("a/file"),
            F("a") + F("a-b") + F("a/file"),
            F("b") + F("a"),
        };
        foreach (var tree in trees)
        {
            var snapshot = await Engine.WriteTreeAsync(world.Repository, [Encoding.UTF8.GetBytes(tree)], [[1, 2, 3]]);
            var error = await Record.ExceptionAsync(() => world.RestoreAsync(snapshot));
            Assert.True(error is RepositoryDamagedException, $"{tree}: {error}");
            Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
            Assert.Equal(["outside", "source", "target"], Directory.EnumerateFileSystemEntries(parent).Select(Path.GetFileName).Order());
        }
    }

    /// <summary>A bucket may have such keys, so they are no damage: they are left out and named, and the rest is restored.</summary>
    [Theory]
    [InlineData("../outside/x")]
    [InlineData("/x")]
    [InlineData("a/../../outside/x")]
    [InlineData("a//x")]
    public async Task S3_keys_that_lead_out_of_a_folder_are_named_and_write_nothing(string key)
    {
        using var world = await ArtifactWorld.CreateAsync(store: store);
        var parent = Path.GetDirectoryName(world.Target)!;
        var outside = Directory.CreateDirectory(Path.Combine(parent, "outside")).FullName;
        string O(string path) => $"o\t0000\t0\t0\t1.000000000\t3\t-\t-\t{ChunkId.Of([1, 2, 3])}:0:3\t{path}\n";
        var snapshot = await Engine.WriteTreeAsync(world.Repository, [Encoding.UTF8.GetBytes(O(key) + O("b"))], [[1, 2, 3]]);
        var report = await world.RestoreAsync(snapshot);

        Assert.Equal(key, Assert.Single(report.Problems).Path);
        Assert.Equal(["b"], Directory.EnumerateFileSystemEntries(world.Target).Select(Path.GetFileName));
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.Equal(["outside", "source", "target"], Directory.EnumerateFileSystemEntries(parent).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_link_in_the_target_that_takes_a_folders_place_is_not_followed()
    {
        using var world = await ArtifactWorld.CreateAsync();
        world.Write("a/b/file", "x"u8.ToArray());
        var result = await world.BackUpAsync();
        var outside = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(world.Target)!, "outside")).FullName;
        Directory.CreateDirectory(Path.Combine(world.Target, "a"));
        File.CreateSymbolicLink(Path.Combine(world.Target, "a/b"), outside);
        await world.RestoreAsync(result.Snapshot);
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        world.AssertRestoredEqual();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_of_the_source_that_became_a_link_is_not_followed(bool deep)
    {
        using var world = await ArtifactWorld.CreateAsync();
        var path = deep ? "a/b/file" : "a/file";
        world.Write(path, ArtifactWorld.Random(10));
        using var source = new DirectorySource(world.Source, PathFilter.Everything, new OffsetClock(TimeSpan.FromHours(1)));
        var items = new List<SourceItem>();
        await foreach (var item in source.WalkAsync(null, ArtifactWorld.Cancel))
        {
            items.Add(item);
        }

        var outside = Path.Combine(Path.GetDirectoryName(world.Target)!, "outside");
        Directory.Move(Path.Combine(world.Source, "a"), outside);
        File.CreateSymbolicLink(Path.Combine(world.Source, "a"), outside);
        var file = items.Single(i => i.Entry.Type == EntryType.File);
        await Assert.ThrowsAnyAsync<IOException>(async () => await source.OpenAsync(file, ArtifactWorld.Cancel));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(25)]
    public async Task A_restore_that_was_cut_off_goes_on(int after)
    {
        using var world = await ArtifactWorld.CreateAsync();
        for (var i = 0; i < 40; i++)
        {
            world.Write($"run{i:00}/weights", ArtifactWorld.Random(300_000));
            world.Write($"run{i:00}/metrics.json", ArtifactWorld.Random(200));
        }

        var result = await world.BackUpAsync();
        var reads = 0;
        var dying = new FaultyStore(world.Store, call =>
            call.Operation == StoreOperation.Read && call.Key.StartsWith("packs/", StringComparison.Ordinal) && ++reads > after
                ? StoreFault.Crash
                : StoreFault.None);
        await Assert.ThrowsAsync<InjectedFaultException>(async () =>
        {
            var through = world.Repository.Through(dying, TimeProvider.System);
            var loaded = await IndexLoader.LoadAsync(through, ArtifactWorld.Cancel);
            using var reader = new ChunkReader(through, loaded.Index);
            await new ArtifactRestore(reader, result.Snapshot, world.Target, new RestoreOptions(), new RestoreCounters(), TimeProvider.System)
                .RunAsync(ArtifactWorld.Cancel);
        });
        // As a process that was killed leaves it.
        var staging = Directory.CreateDirectory(Path.Combine(world.Target, ".mlopsbackup-restore")).FullName;
        File.WriteAllText(Path.Combine(staging, "file-0"), "half");
        var report = await world.RestoreAsync(result.Snapshot);
        Assert.False(Directory.Exists(staging));
        Assert.InRange(report.FilesWritten, 1, 80);
        world.AssertRestoredEqual();
    }

    [Fact]
    public async Task Deleting_within_a_filter_leaves_alone_what_the_filter_does_not_mean()
    {
        using var world = await ArtifactWorld.CreateAsync();
        world.Write("1/keep", "k"u8.ToArray());
        world.Write("2/keep", "k"u8.ToArray());
        var result = await world.BackUpAsync();
        await world.RestoreAsync(result.Snapshot);
        foreach (var extra in new[] { "1/extra", "1/deep/er/extra", "1/deep/er/weights", "2/extra", "other" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(world.Target, extra))!);
            File.WriteAllText(Path.Combine(world.Target, extra), "x");
        }

        var report = await world.RestoreAsync(
            result.Snapshot, new RestoreOptions { Delete = true, Filter = new PathFilter(["1/**"], ["weights"]) });
        Assert.Equal(
            ["1/deep/er/weights", "1/keep", "2/extra", "2/keep", "other"],
            Directory.EnumerateFiles(world.Target, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(world.Target, f)).Order(StringComparer.Ordinal));
        Assert.Equal(0, report.ProblemCount);
    }

    [Fact]
    public async Task Four_hundred_megabytes_pass_through_a_bounded_number_of_buffers()
    {
        using var repository = await BackupRepository.CreateAsync(
            new DiscardingStore(), null, null, TimeProvider.System, Engine.Cancel);
        var options = WriterOptions.Default with { Encoders = 2 };
        var loaded = await IndexLoader.LoadAsync(repository, Engine.Cancel);
        await using var writer = new RepositoryWriter(repository, loaded.Index, options, Engine.Cancel);
        var buffers = new HashSet<object>(ReferenceEqualityComparer.Instance);
        const long total = 400L << 20;
        long position = 0;
        var target = new PendingContent();
        var read = await new StreamChunker(
            writer, repository.DataChunker(), writer.Slabs, KubectlMlopsBackup.Repository.Crypto.ObjectKind.DataPack).RunAsync(
            buffer =>
            {
                Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(buffer, out var array));
                buffers.Add(array.Array!);
                var count = (int)Math.Min(buffer.Length, total - position);
                // Differs from block to block, so that nothing is found again, and costs little to make.
                System.Buffers.Binary.BinaryPrimitives.TryWriteInt64LittleEndian(buffer.Span, position);
                position += count;
                return new(count);
            },
            target);
        target.Close();
        await writer.FinishAsync();
        Assert.Equal(total, read);
        Assert.InRange(buffers.Count, 1, (options.Encoders * 2) + 4);
    }

    public void Dispose() => store.Dispose();

    private static Dictionary<string, byte[]> Files(int size)
    {
        var random = new Random(9);
        return new Dictionary<string, byte[]>
        {
            ["a/good"] = Engine.Bytes(random, size),
            ["b/gone"] = Engine.Bytes(random, size),
            ["c/bad"] = Engine.Bytes(random, size),
            ["d/good"] = Engine.Bytes(random, size),
        };
    }
}
