using System.Text;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Chunking;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Repository.Verifying;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>Small repositories in memory, whole runs on them, and what is in them afterwards.</summary>
internal static class Engine
{
    public const string Passphrase = "correct horse";

    /// <summary>The smallest that a repository may have, so that little data makes many chunks.</summary>
    public static readonly ChunkerParameters SmallChunks = new(4096, 8192, 16384);

    public static readonly WriterOptions SmallPacks = new()
    {
        PackSize = 48 << 10,
        PacksPerIndex = 3,
        Encoders = 2,
        CommitsAtOnce = 2,
    };

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.Zero));

    public static Task<BackupRepository> CreateAsync(
        IObjectStore store, TimeProvider clock, bool encrypted = false, BackupRepository? sharing = null) =>
        BackupRepository.CreateAsync(store, encrypted ? new PassphraseKey(Passphrase) : null, sharing, clock, Cancel, SmallChunks);

    public static Task<Snapshot> BackUpAsync(
        BackupRepository repository, IReadOnlyDictionary<string, byte[]> files, string plan = "test", WriterOptions? options = null) =>
        BackUpAsync(repository, new MemorySource(files), plan, options);

    public static async Task<Snapshot> BackUpAsync(
        BackupRepository repository, IArtifactSource source, string plan = "test", WriterOptions? options = null)
    {
        var backup = new ArtifactBackup(
            repository, source, new ArtifactBackupOptions { Plan = plan, AllowEmpty = true, Readers = 2 }, new BackupCounters());
        return (await backup.RunAsync(options ?? SmallPacks, Cancel)).Snapshot;
    }

    public static Task<PruneReport> PruneAsync(BackupRepository repository, RetentionPolicy policy) =>
        new Pruner(repository, new PruneOptions { Policy = policy, RepackBelow = 0.6 }).RunAsync(Cancel);

    public static Task<VerifyReport> VerifyAsync(BackupRepository repository) =>
        new Verifier(repository, new VerifyOptions { ReadData = true }).RunAsync(Cancel);

    /// <summary>Nothing is wrong but what the next run mends.</summary>
    public static async Task AssertUnhurtAsync(BackupRepository repository)
    {
        var report = await VerifyAsync(repository);
        Assert.Empty(report.HurtSnapshots);
        Assert.DoesNotContain(report.Damages, d => !d.Harmless);
    }

    public static Task<SnapshotCatalog> CatalogAsync(BackupRepository repository) =>
        SnapshotCatalog.LoadAsync(repository, Cancel);

    /// <summary>Every file of a snapshot, read the way that a restore reads.</summary>
    public static async Task<SortedDictionary<string, byte[]>> ContentsAsync(BackupRepository repository, Snapshot snapshot)
    {
        var loaded = await IndexLoader.LoadAsync(repository, Cancel);
        using var reader = new ChunkReader(repository, loaded.Index);
        await using var tree = new TreeReader(reader, snapshot.Tree, snapshot.ShortId, Cancel);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        while (await tree.ReadAsync() is { } entry)
        {
            if (entry.Type != EntryType.File)
            {
                continue;
            }

            await using var content = new ContentStream(reader, entry, Cancel);
            using var memory = new MemoryStream();
            await content.CopyToAsync(memory, Cancel);
            files.Add(Encoding.UTF8.GetString(entry.Path), memory.ToArray());
        }

        return files;
    }

    public static async Task AssertRestoresAsync(
        BackupRepository repository, Snapshot snapshot, IReadOnlyDictionary<string, byte[]> expected) =>
        Assert.True(Same(expected, await ContentsAsync(repository, snapshot)), $"snapshot {snapshot.ShortId} has other content");

    public static bool Same(IReadOnlyDictionary<string, byte[]> left, IReadOnlyDictionary<string, byte[]> right) =>
        left.Count == right.Count
        && left.All(f => right.TryGetValue(f.Key, out var other) && f.Value.AsSpan().SequenceEqual(other));

    public static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Half of it compresses.</summary>
    public static byte[] Mixed(Random random, int length)
    {
        var bytes = Bytes(random, length);
        for (var i = 0; i + 64 <= length; i += 64)
        {
            bytes.AsSpan(i, 40).Fill((byte)'x');
        }

        return bytes;
    }

    /// <summary>A copy with one part of a file overwritten, a file added and one gone.</summary>
    public static Dictionary<string, byte[]> NextNight(Random random, IReadOnlyDictionary<string, byte[]> files, int night)
    {
        var next = new Dictionary<string, byte[]>(files) { [$"run{night}/metrics.json"] = Mixed(random, random.Next(1, 3000)) };
        var large = (byte[])next["model"].Clone();
        random.NextBytes(large.AsSpan(random.Next(large.Length - 20_000), 20_000));
        next["model"] = large;
        next.Remove(next.Keys.Where(k => k != "model").Order(StringComparer.Ordinal).First());
        return next;
    }

    public static Dictionary<string, byte[]> FirstNight(Random random)
    {
        var files = new Dictionary<string, byte[]> { ["model"] = Bytes(random, 270_000), ["empty"] = [] };
        for (var i = 0; i < 12; i++)
        {
            files[$"exp{i % 3}/run{i}/params.json"] = Mixed(random, random.Next(1, 4000));
        }

        return files;
    }

    /// <summary>A snapshot's tree of entries that no backup would write.</summary>
    public static async Task<Snapshot> WriteTreeAsync(
        BackupRepository repository, IEnumerable<byte[]> chunksOfTree, IEnumerable<byte[]>? data = null)
    {
        await using var run = await SnapshotRun.StartAsync(repository, Component.Artifacts, "hostile", WriterOptions.Default, Cancel);
        var ids = new List<string>();
        foreach (var (kind, content) in (data ?? []).Select(d => (KubectlMlopsBackup.Repository.Crypto.ObjectKind.DataPack, d))
            .Concat(chunksOfTree.Select(c => (KubectlMlopsBackup.Repository.Crypto.ObjectKind.TreePack, c))))
        {
            var slab = await new SlabPool(1, Math.Max(1, content.Length)).RentAsync(Cancel);
            content.CopyTo(slab.Buffer, 0);
            await run.Writer.EnqueueAsync(new ChunkJob(slab, 0, content.Length, kind, new PendingContentOfOne(), 0));
            if (kind == KubectlMlopsBackup.Repository.Crypto.ObjectKind.TreePack)
            {
                ids.Add(ChunkId.Of(content).ToString());
            }
        }

        var snapshot = await run.CommitAsync(
            (_, stats) => Draft(repository) with { Tree = new TreeRef(ids, 1), Stats = stats }, new SnapshotStats(), Cancel);
        return snapshot;
    }

    public static Snapshot Draft(BackupRepository repository) => new()
    {
        Format = 1,
        Component = Component.Artifacts,
        Time = repository.Clock.GetUtcNow(),
        Finished = repository.Clock.GetUtcNow(),
        Plan = "hostile",
        Source = "s",
        Host = "h",
        Tool = "t",
        Verdict = Verdict.Complete,
        Tree = new TreeRef([], 0),
        Stats = new SnapshotStats(),
    };

    private sealed class PendingContentOfOne : IChunkTarget
    {
        public void Stored(int ticket, ChunkId id, int length)
        {
        }
    }
}
