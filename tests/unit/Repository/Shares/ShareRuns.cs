using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Backup;

namespace KubectlMlopsBackup.UnitTests.Repository.Shares;

/// <summary>Shares of runs on the small repositories of <see cref="Engine"/>.</summary>
internal static class ShareRuns
{
    public static Task<ShareOutcome> ShareAsync(
        BackupRepository repository, IReadOnlyDictionary<string, byte[]> files, int index, int count = 3, string run = "run-1") =>
        ShareAsync(repository, new MemorySource(files), index, count, run);

    public static Task<ShareOutcome> ShareAsync(
        BackupRepository repository, IArtifactSource source, int index, int count = 3, string run = "run-1", bool allowEmpty = false) =>
        new ShareBackup(
            repository,
            source,
            new ArtifactBackupOptions { Plan = "test", AllowEmpty = allowEmpty, Readers = 2 },
            new BackupCounters(),
            new ShareId(run, index, count)).RunAsync(Engine.SmallPacks, Engine.Cancel);

    /// <summary>All shares, one after the other.</summary>
    public static async Task<Snapshot> RunAsync(
        BackupRepository repository, IReadOnlyDictionary<string, byte[]> files, int count = 3, string run = "run-1")
    {
        ShareOutcome? last = null;
        for (var i = 0; i < count; i++)
        {
            last = await ShareAsync(repository, files, i, count, run);
        }

        Assert.True(last!.Commits);
        return last.Snapshot!;
    }

    public static async Task<List<TreeEntry>> TreeAsync(BackupRepository repository, Snapshot snapshot)
    {
        var loaded = await IndexLoader.LoadAsync(repository, Engine.Cancel);
        using var reader = new ChunkReader(repository, loaded.Index);
        await using var tree = new TreeReader(reader, snapshot.Tree, snapshot.ShortId, Engine.Cancel);
        var entries = new List<TreeEntry>();
        while (await tree.ReadAsync() is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Two or three experiments, of runs with a large file each.</summary>
    public static Dictionary<string, byte[]> LargeFiles(Random random, int runs = 9)
    {
        var files = new Dictionary<string, byte[]>();
        for (var i = 0; i < runs; i++)
        {
            files[$"{i % 2}/run{i:d2}/model"] = Engine.Bytes(random, (256 << 10) + random.Next(100_000));
        }

        return files;
    }
}
