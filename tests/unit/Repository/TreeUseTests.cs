using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

public sealed class TreeUseTests : IDisposable
{
    private readonly FakeTimeProvider clock = Engine.Clock();
    private readonly MemoryStore store = new();

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(4000)]
    [InlineData(0)]
    public async Task It_finds_what_a_reader_of_all_trees_finds_however_little_memory_it_has(long memory)
    {
        var repository = await Engine.CreateAsync(store, clock);
        var (snapshots, reader) = await NightsAsync(repository);
        using (reader)
        {
            var expected = new HashSet<ChunkId>();
            foreach (var snapshot in snapshots)
            {
                expected.UnionWith(snapshot.Tree.Chunks.Select(hex => ChunkId.TryParse(hex, out var id) ? id : default));
                await using var tree = new TreeReader(reader, snapshot.Tree, snapshot.ShortId, Engine.Cancel);
                while (await tree.ReadAsync() is { } entry)
                {
                    expected.UnionWith(entry.Segments.Where(s => !s.IsHole).Select(s => s.Chunk));
                }
            }

            var found = new HashSet<ChunkId>();
            var use = new TreeUse(reader, found, memory);
            foreach (var snapshot in snapshots)
            {
                await use.AddAsync(snapshot, Engine.Cancel);
            }

            Assert.True(found.SetEquals(expected));
            var all = snapshots.SelectMany(s => s.Tree.Chunks).ToList();
            Assert.InRange(use.ChunksRead, 1, all.Count);
            if (memory == long.MaxValue)
            {
                Assert.Equal(all.Distinct().Count(), use.ChunksRead);
                Assert.True(use.ChunksRead < all.Count / 2, $"{use.ChunksRead} of {all.Count}");
            }
        }
    }

    [Theory]
    [InlineData("not an entry\n")]
    [InlineData("+\tnot a segment\n")]
    [InlineData("d\t0755\t0\t0\t0.000000000\t0\t-\t-\t-\t")]
    public async Task A_tree_that_is_none_is_damage(string content)
    {
        var repository = await Engine.CreateAsync(store, clock);
        var snapshot = await Engine.WriteTreeAsync(repository, [System.Text.Encoding.UTF8.GetBytes(content)]);
        using var reader = new ChunkReader(repository, (await IndexLoader.LoadAsync(repository, Engine.Cancel)).Index);
        await Assert.ThrowsAsync<RepositoryDamagedException>(
            () => new TreeUse(reader, new HashSet<ChunkId>()).AddAsync(snapshot, Engine.Cancel));
    }

    public void Dispose() => store.Dispose();

    /// <summary>Eight nights of files that hardly change, the tree of each of many chunks and with a line that is longer than some.</summary>
    private async Task<(List<Snapshot> Snapshots, ChunkReader Reader)> NightsAsync(BackupRepository repository)
    {
        var random = new Random(9);
        var files = new Dictionary<string, byte[]> { ["large"] = Engine.Bytes(random, 3 << 20) };
        for (var i = 0; i < 400; i++)
        {
            files[$"exp{i % 7}/run{i}/params.json"] = Engine.Bytes(random, random.Next(1, 300));
        }

        var snapshots = new List<Snapshot>();
        for (var night = 0; night < 8; night++)
        {
            snapshots.Add(await Engine.BackUpAsync(repository, files));
            clock.Advance(TimeSpan.FromDays(1));
            files[$"exp3/run{night}/metrics.json"] = Engine.Bytes(random, 100);
        }

        return (snapshots, new ChunkReader(repository, (await IndexLoader.LoadAsync(repository, Engine.Cancel)).Index));
    }
}
