using System.Collections.Concurrent;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Verifying;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>
/// One damage at a time, anywhere. Deleting a mark, a verification or a lease is left out: these advise, and no snapshot
/// depends on them (without its mark a pack is marked again, and lives 48 hours longer).
/// </summary>
public sealed class DamageTests(ITestOutputHelper output)
{
    private const int Seed = 20261124;

    [Theory]
    [InlineData(false, 500)]
    [InlineData(true, 500)]
    public async Task Every_damage_but_the_deletion_of_what_only_advises_is_found_and_none_is_restored_from(bool encrypted, int count)
    {
        var (repository, store, model) = await MakeAsync(encrypted);
        var random = new Random(Seed);
        var keys = store.Objects.Keys.Order(StringComparer.Ordinal).ToList();
        // Kinds first, then an object of the kind: there are many more packs than other objects.
        var kinds = keys.GroupBy(k => k.Split('/')[0]).Select(g => g.ToList()).ToList();
        Assert.Equal(encrypted ? 9 : 8, kinds.Count);
        var damages = Enumerable.Range(0, count).Select(_ => Draw(random, kinds, store)).ToList();
        var hurtful = 0;
        var done = new ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(damages, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (damage, _) =>
        {
            var copy = store.Clone();
            damage.Apply(copy);
            // Later, so that what verify writes has another name than what was damaged.
            var later = new FakeTimeProvider(repository.Clock.GetUtcNow().AddHours(1));
            if (await CheckAsync(repository.Through(copy, later), model, damage))
            {
                Interlocked.Increment(ref hurtful);
            }

            done.AddOrUpdate(damage.Kind, 1, (_, n) => n + 1);
        });
        output.WriteLine(
            $"seed {Seed}: {damages.Count} damages ({string.Join(", ", done.OrderBy(d => d.Key).Select(d => $"{d.Value} {d.Key}"))}), {hurtful} of which hurt a snapshot; all found");
        Assert.Equal(count, done.Values.Sum());
        Assert.InRange(hurtful, count / 10, count);
    }

    /// <returns>Whether a snapshot was hurt.</returns>
    private static async Task<bool> CheckAsync(
        BackupRepository repository, Dictionary<string, IReadOnlyDictionary<string, byte[]>> model, RandomDamage damage)
    {
        VerifyReport report;
        try
        {
            report = await Engine.VerifyAsync(repository);
        }
        catch (Exception e) when (e is RepositoryDamagedException or UserError)
        {
            Assert.Equal(RepositoryConfig.Key, damage.Key);
            return false;
        }

        // An index of packs that no snapshot needs any more: what is lost with it is garbage already, and counted as such.
        var ofGarbage = damage.Kind == "deletions" && damage.Key.StartsWith(IndexFile.Prefix, StringComparison.Ordinal)
            && report is { HurtSnapshots.Count: 0, OrphanPacks: > 0 };
        Assert.False(report.Good && report.Notes.Count == 0 && !ofGarbage, $"not found: {damage}");
        var catalog = await Engine.CatalogAsync(repository);
        foreach (var (id, files) in model)
        {
            var snapshot = catalog.Snapshots.FirstOrDefault(s => s.Id == id);
            if (snapshot is null)
            {
                Assert.True(
                    damage.Key.StartsWith(Snapshot.Prefix, StringComparison.Ordinal)
                    || damage.OtherKey?.StartsWith(Snapshot.Prefix, StringComparison.Ordinal) == true,
                    $"a snapshot is gone: {damage}");
                continue;
            }

            try
            {
                Assert.True(Engine.Same(files, await Engine.ContentsAsync(repository, snapshot)), $"wrong bytes: {damage}");
            }
            catch (RepositoryDamagedException)
            {
                Assert.True(report.HurtSnapshots.Contains(id), $"hurt, and not listed: {damage}");
            }
        }

        return report.HurtSnapshots.Count > 0;
    }

    private static RandomDamage Draw(Random random, List<List<string>> kinds, MemoryStore store)
    {
        while (true)
        {
            var key = Pick(random, Pick(random, kinds));
            var other = Pick(random, Pick(random, kinds));
            var length = store.Objects[key].Length;
            var damage = random.Next(4) switch
            {
                0 => new RandomDamage("flipped bits", key, Position: random.Next(length * 8)),
                1 => new RandomDamage("truncations", key, Position: random.Next(length)),
                2 => new RandomDamage("deletions", key),
                _ => new RandomDamage("swaps", key, other),
            };
            var advises = key.StartsWith(Mark.Prefix, StringComparison.Ordinal)
                || key.StartsWith(Verification.Prefix, StringComparison.Ordinal)
                || key.StartsWith(Lease.Prefix, StringComparison.Ordinal);
            if (!(advises && damage.Kind == "deletions") && key != damage.OtherKey)
            {
                return damage;
            }
        }
    }

    private static T Pick<T>(Random random, List<T> from) => from[random.Next(from.Count)];

    /// <summary>Four nights, one of which prune has let go, a mark, a verification and a lease.</summary>
    private static async Task<(BackupRepository Repository, MemoryStore Store, Dictionary<string, IReadOnlyDictionary<string, byte[]>> Model)> MakeAsync(
        bool encrypted)
    {
        var random = new Random(Seed);
        var clock = Engine.Clock();
        var store = new MemoryStore();
        var repository = await Engine.CreateAsync(store, clock, encrypted);
        var model = new Dictionary<string, IReadOnlyDictionary<string, byte[]>>();
        var files = Engine.FirstNight(random);
        for (var night = 0; night < 4; night++)
        {
            var snapshot = await Engine.BackUpAsync(repository, files);
            model.Add(snapshot.Id, files);
            clock.Advance(TimeSpan.FromDays(1));
            files = Engine.NextNight(random, files, night);
        }

        var report = await Engine.PruneAsync(repository, new RetentionPolicy { KeepLast = 3 });
        Assert.True(report.PacksMarked > 0);
        model.Remove(report.Decisions.Single(d => !d.Keep).Snapshot.Id);
        Assert.True((await Engine.VerifyAsync(repository)).Good);
        // Never given back, as by a prune that was cut off.
        await PruneLease.TakeAsync(repository, Engine.Cancel);
        return (repository, store, model);
    }
}
