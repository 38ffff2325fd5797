using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Mirroring;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>
/// Random runs against a model that is a dictionary. After each step every snapshot that the model says exists restores equal,
/// and nothing is damaged.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int Steps = 24;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public async Task Whatever_runs_and_dies_in_whatever_order_what_is_kept_restores(int seed, bool encrypted)
    {
        var clock = Engine.Clock();
        using var main = await Side.CreateAsync(clock, encrypted, null);
        using var other = await Side.CreateAsync(clock, !encrypted, main.Repository);
        var random = new Random(seed);
        var files = new[] { Engine.FirstNight(random), Engine.FirstNight(random) };
        var done = new List<string>();
        for (var step = 0; step < Steps; step++)
        {
            var plan = random.Next(files.Length);
            files[plan] = random.Next(4) == 0 ? Engine.FirstNight(new Random(plan)) : Engine.NextNight(random, files[plan], step);
            var name = await StepAsync(random, main, other, files, plan);
            done.Add(name);
            clock.Advance(TimeSpan.FromHours(random.Next(1, 30)));
            await main.CheckAsync($"seed {seed}, step {step}: {name}");
            await other.CheckAsync($"seed {seed}, step {step}: {name}");
        }

        output.WriteLine(string.Join(", ", done.CountBy(d => d).Select(d => $"{d.Value} {d.Key}"))
            + $"; {main.Model.Count} + {other.Model.Count} snapshots at the end");
    }

    private static async Task<string> StepAsync(
        Random random, Side main, Side other, Dictionary<string, byte[]>[] files, int plan)
    {
        var policy = new RetentionPolicy { KeepLast = random.Next(1, 4), KeepDaily = random.Next(3) };
        switch (random.Next(8))
        {
            case 0 or 1:
                await main.BackUpAsync(main.Repository, files[plan], $"plan{plan}");
                return "backups";
            case 2:
                await main.PruneAsync(main.Repository, policy);
                return "prunes";
            case 3:
                await other.PruneAsync(other.Repository, policy);
                return "prunes of the mirror";
            case 4:
                await main.MirrorAsync(other, other.Repository);
                return "mirrors";
            case 5:
                await Task.WhenAll(
                    Task.Run(() => main.BackUpAsync(main.Repository, files[0], "plan0"), Engine.Cancel),
                    Task.Run(() => main.BackUpAsync(main.Repository, files[1], "plan1"), Engine.Cancel));
                return "pairs of backups";
            case 6:
                await main.CrashAsync(random, dying => main.BackUpAsync(dying, files[plan], $"plan{plan}"));
                return "backups that died";
            default:
                if (random.Next(2) == 0)
                {
                    await main.CrashAsync(random, dying => main.PruneAsync(dying, policy));
                    return "prunes that died";
                }

                await other.CrashAsync(random, dying => main.MirrorAsync(other, dying));
                return "mirrors that died";
        }
    }

    /// <summary>A repository, and what should be in it.</summary>
    private sealed class Side : IDisposable
    {
        private readonly MemoryStore store = new();
        private readonly Lock gate = new();

        /// <summary>Contents that a run may have committed before it died, by what tells the snapshot.</summary>
        private readonly List<(string Plan, IReadOnlyDictionary<string, byte[]> Files)> maybe = [];
        private readonly HashSet<string> maybeGone = [];
        private IReadOnlyDictionary<string, IReadOnlyDictionary<string, byte[]>> maybeMirrored =
            new Dictionary<string, IReadOnlyDictionary<string, byte[]>>();

        public BackupRepository Repository { get; private set; } = null!;

        public Dictionary<string, IReadOnlyDictionary<string, byte[]>> Model { get; } = [];

        public static async Task<Side> CreateAsync(FakeTimeProvider clock, bool encrypted, BackupRepository? sharing)
        {
            var side = new Side();
            side.Repository = await Engine.CreateAsync(side.store, clock, encrypted, sharing);
            return side;
        }

        public async Task BackUpAsync(BackupRepository through, Dictionary<string, byte[]> files, string plan)
        {
            Remember(() => maybe.Add((plan, files)));
            var snapshot = await Engine.BackUpAsync(through, files, plan);
            Remember(() => Model.Add(snapshot.Id, files));
        }

        public async Task PruneAsync(BackupRepository through, RetentionPolicy policy)
        {
            var decisions = RetentionRules.Decide(await Engine.CatalogAsync(Repository), policy, Repository.Clock.GetUtcNow());
            Remember(() => maybeGone.UnionWith(decisions.Where(d => !d.Keep).Select(d => d.Snapshot.Id)));
            try
            {
                await Engine.PruneAsync(through, policy);
            }
            catch (UserError e) when (e.Code == ExitCode.Locked)
            {
                // By one that died.
                maybeGone.Clear();
                return;
            }

            foreach (var id in maybeGone)
            {
                Model.Remove(id);
            }
        }

        public async Task MirrorAsync(Side target, BackupRepository through)
        {
            target.maybeMirrored = new Dictionary<string, IReadOnlyDictionary<string, byte[]>>(Model);
            await new Mirror(Repository, through, Engine.SmallPacks).RunAsync(_ => true, Engine.Cancel);
            foreach (var (id, files) in Model)
            {
                target.Model[id] = files;
            }
        }

        public async Task CrashAsync(Random random, Func<BackupRepository, Task> run)
        {
            var at = random.Next(1, 90);
            var fault = random.Next(2) == 0 ? StoreFault.Crash : StoreFault.CrashAfter;
            try
            {
                await run(Repository.Through(
                    new FaultyStore(store, call => call.Total == at ? fault : StoreFault.None), Repository.Clock));
            }
            catch (InjectedFaultException)
            {
                // As it was told to.
            }
        }

        public async Task CheckAsync(string when)
        {
            var report = await Engine.VerifyAsync(Repository);
            Assert.True(
                report.HurtSnapshots.Count == 0 && report.Damages.All(d => d.Harmless),
                $"{when}: {string.Join("; ", report.Damages)}");
            var catalog = await Engine.CatalogAsync(Repository);
            foreach (var snapshot in catalog.Snapshots)
            {
                var contents = await Engine.ContentsAsync(Repository, snapshot);
                if (!Model.TryGetValue(snapshot.Id, out var expected))
                {
                    expected = maybeMirrored.GetValueOrDefault(snapshot.Id)
                        ?? maybe.LastOrDefault(m => m.Plan == snapshot.Plan && Engine.Same(m.Files, contents)).Files;
                    Assert.True(expected is not null, $"{when}: a snapshot of nothing that was backed up");
                    Model.Add(snapshot.Id, expected);
                }

                Assert.True(Engine.Same(expected, contents), $"{when}: {snapshot.ShortId} has other content");
            }

            var present = catalog.Snapshots.Select(s => s.Id).ToHashSet();
            foreach (var id in Model.Keys.Where(id => !present.Contains(id)).ToList())
            {
                Assert.True(maybeGone.Contains(id), $"{when}: a snapshot is gone");
                Model.Remove(id);
            }

            maybe.Clear();
            maybeGone.Clear();
            maybeMirrored = new Dictionary<string, IReadOnlyDictionary<string, byte[]>>();
        }

        public void Dispose() => store.Dispose();

        private void Remember(Action what)
        {
            lock (gate)
            {
                what();
            }
        }
    }
}
