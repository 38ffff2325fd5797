using System.Text;
using CsCheck;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.UnitTests.Sources.Artifacts;

namespace KubectlMlopsBackup.UnitTests.Repository.Shares;

public sealed class PartitionTests(ITestOutputHelper output)
{
    private static readonly Gen<(IReadOnlyList<TreeEntry> Tree, int Count)> TreeAndCount = Gen.Select(RandomTree.Any, Gen.Int[1, 9]);

    [Fact]
    public void What_the_plan_expects_of_each_share_is_what_the_lookup_gives_it() => TreeAndCount.Sample(
        (tree, count) =>
        {
            var (splits, units, loads) = Build(tree, count, known: true);
            var partition = new Partition(count, splits, units);
            var found = new ShareLoad[count];
            foreach (var entry in tree)
            {
                found[partition.ShareOf(entry.Path)] += RandomTree.LoadOf(entry);
            }

            return found.SequenceEqual(loads);
        },
        iter: 2000);

    [Fact]
    public void No_share_has_much_more_than_its_fair_part()
    {
        var worst = 0.0;
        TreeAndCount.Sample(
            (tree, count) =>
            {
                var largest = tree.Select(e => RandomTree.LoadOf(e).Weight).DefaultIfEmpty().Max();
                var loads = Build(tree, count, known: true).Loads;
                var fair = loads.Sum(l => l.Weight) / (double)count;
                // Units have at most an eighth of it, unless they are a single file; the rest is for those that the hash places.
                var most = loads.Max(l => l.Weight);
                worst = Math.Max(worst, fair == 0 ? 0 : (most - largest) / fair);
                return most <= (fair * 1.25) + largest;
            },
            iter: 2000,
            threads: 1);
        output.WriteLine($"the fullest share, less the largest file, has {worst:f2} of a fair share");
    }

    [Fact]
    public void The_same_tree_gives_the_same_partition() => TreeAndCount.Sample(
        (tree, count) =>
        {
            var one = Build(tree, count, known: true);
            var other = Build(tree, count, known: true);
            return one.Units.Select(u => (Convert.ToHexString(u.Path), u.Share)).SequenceEqual(other.Units.Select(u => (Convert.ToHexString(u.Path), u.Share)))
                && one.Splits.Select(Convert.ToHexString).SequenceEqual(other.Splits.Select(Convert.ToHexString))
                && one.Loads.SequenceEqual(other.Loads);
        },
        iter: 500);

    [Fact]
    public void A_tree_whose_size_is_not_known_before_is_shared_out_as_well() => TreeAndCount.Sample(
        (tree, count) =>
        {
            var largest = tree.Select(e => RandomTree.LoadOf(e).Weight).DefaultIfEmpty().Max();
            var loads = Build(tree, count, known: false).Loads;
            return loads.Max(l => l.Weight) <= (loads.Sum(l => l.Weight) / (double)count * 1.25) + largest;
        },
        iter: 2000);

    [Fact]
    public void A_plan_stays_small_however_many_runs_there_are()
    {
        var builder = new PartitionBuilder(3);
        for (var i = 0; i < 300_000; i++)
        {
            builder.Add(new TreeEntry { Type = EntryType.S3Object, Path = Encoding.UTF8.GetBytes($"0/{i:d7}/model"), Size = 1 << 20 });
        }

        var (splits, units, loads) = builder.Build();
        Assert.InRange(units.Count + splits.Count, 1, 256 * 3 * 2);
        Assert.All(loads, l => Assert.InRange(l.Files, 99_000, 101_000));
    }

    [Fact]
    public void A_plan_survives_being_written_as_text() => TreeAndCount.Sample(
        (tree, count) =>
        {
            var (splits, units, loads) = Build(tree, count, known: true);
            var plan = new SharePlan
            {
                Run = "r",
                Plan = "p",
                Source = "s",
                Count = count,
                Created = DateTimeOffset.UnixEpoch,
                Splits = [.. splits.Select(s => TreePath.Escape(s))],
                Units = [.. units.Select(u => new ShareUnit(TreePath.Escape(u.Path), u.Share))],
                Expected = loads,
            };
            var one = new Partition(count, splits, units);
            var other = Partition.Of(plan);
            return tree.All(e => one.ShareOf(e.Path) == other.ShareOf(e.Path));
        },
        iter: 300);

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void A_plan_of_no_sense_is_damage(int count) => Assert.Throws<KubectlMlopsBackup.Repository.RepositoryDamagedException>(() => Partition.Of(new SharePlan
    {
        Run = "r",
        Plan = "p",
        Source = "s",
        Count = count,
        Created = DateTimeOffset.UnixEpoch,
        Splits = [],
        Units = [],
        Expected = new ShareLoad[count],
    }));

    [Fact]
    public async Task Walks_of_all_shares_are_the_walk_of_the_whole()
    {
        using var world = await ArtifactWorld.CreateAsync();
        var random = new Random(3);
        foreach (var entry in RandomTree.Make(5, 9, 30, s3: false).Where(e => e.Type == EntryType.File))
        {
            world.Write(Encoding.UTF8.GetString(entry.Path), ArtifactWorld.Random(random.Next(2000)));
        }

        File.CreateSymbolicLink(Path.Combine(world.Source, "0-link"), "nowhere");
        using var source = new DirectorySource(world.Source, PathFilter.Everything, TimeProvider.System);
        var whole = await WalkAsync(source, null);
        Assert.True(whole.Count > 100);
        foreach (var count in new[] { 1, 2, 3, 8 })
        {
            var builder = new PartitionBuilder(count);
            whole.ForEach(i => builder.Add(i.Entry));
            var (splits, units, _) = builder.Build();
            Assert.True(splits.Count > 0);
            var partition = new Partition(count, splits, units);
            var parts = new List<SourceItem>();
            for (var i = 0; i < count; i++)
            {
                parts.AddRange(await WalkAsync(source, new PathShare(partition, i)));
            }

            Assert.Equal(
                whole.Select(i => i.Entry.DisplayPath),
                parts.Select(p => p.Entry).Order(Comparer<TreeEntry>.Create(TreePath.Compare)).Select(e => e.DisplayPath));
        }
    }

    private static async Task<List<SourceItem>> WalkAsync(DirectorySource source, PathShare? share)
    {
        var items = new List<SourceItem>();
        await foreach (var item in source.WalkAsync(share, Engine.Cancel))
        {
            items.Add(item);
        }

        return items;
    }

    private static (IReadOnlyList<byte[]> Splits, IReadOnlyList<(byte[] Path, int Share)> Units, IReadOnlyList<ShareLoad> Loads) Build(
        IReadOnlyList<TreeEntry> tree, int count, bool known)
    {
        var total = tree.Select(RandomTree.LoadOf).Aggregate(default(ShareLoad), (sum, l) => sum + l);
        var builder = new PartitionBuilder(count, known ? total : default);
        foreach (var entry in tree)
        {
            builder.Add(entry);
        }

        return builder.Build();
    }
}
