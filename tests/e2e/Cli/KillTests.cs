using System.Diagnostics;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary><c>kill -9</c> at random moments: the repository verifies, every snapshot restores byte-equal, the next run succeeds.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Backups = 200;
    private const int Prunes = 50;
    private const int Mirrors = 50;

    /// <summary>Killed backups between two looks at the whole repository: that takes as long as a backup.</summary>
    private const int Batch = 4;

    /// <summary>Of 2 MiB each.</summary>
    private const int Files = 24;

    /// <summary>Where each round copies or restores all of them.</summary>
    private const int FewFiles = 10;
    private const int Changed = 4;

    /// <summary>Sums of the trees that snapshots were made of, by their ids.</summary>
    private readonly Dictionary<string, string> sums = [];
    private readonly List<string> endings = [];
    private TimeSpan whole;
    private int killed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_backup_leaves_every_earlier_snapshot_restorable()
    {
        using var tree = new SlowTree(Files, seed: 3);
        await tree.DoneAsync("init", "--repositories");
        await BackUpAsync(tree);
        tree.Change(Changed);
        await MeasureAsync(() => BackUpAsync(tree));
        while (killed < Backups)
        {
            tree.Change(Changed);
            var sum = tree.Sum();
            await KillAsync(tree, "backup");
            foreach (var id in (await IdsAsync(tree.Repository)).Where(id => !sums.ContainsKey(id)))
            {
                sums[id] = sum;
                endings.Add("committed");
            }

            if (endings.Count(e => e is "killed" or "done before") % Batch == 0)
            {
                await VerifyAsync(tree, "structure");
            }
        }

        await VerifyAsync(tree, "data");
        await RestoreAllAsync(tree, tree.Repository);
        tree.Change(Changed);
        await BackUpAsync(tree);
        await RestoreNewestAsync(tree);
        await tree.DoneAsync("verify", "data");
        Report("backups");
    }

    [Fact]
    public async Task A_killed_prune_leaves_every_kept_snapshot_restorable()
    {
        using var tree = new SlowTree(FewFiles, seed: 4);
        var prepared = await PrepareAsync(tree);
        await CopyAsync(prepared, tree.Repository);
        await MeasureAsync(() => tree.DoneAsync("prune"));
        while (killed < Prunes)
        {
            await CopyAsync(prepared, tree.Repository);
            await KillAsync(tree, "prune");
            await VerifyAsync(tree, "data");
            await RestoreNewestAsync(tree);
            await tree.DoneAsync("prune");
            await tree.DoneAsync("verify", "data");
            await RestoreAllAsync(tree, tree.Repository);
        }

        tree.Change(Changed);
        await BackUpAsync(tree);
        Report("prunes");
    }

    [Fact]
    public async Task A_killed_mirror_is_taken_up_again()
    {
        using var tree = new SlowTree(FewFiles, seed: 5);
        var second = Path.Combine(tree.Root, "second");
        tree.Plan = tree.Plan with
        {
            Compression = "fast",
            Repositories = [.. tree.Plan.Repositories, $"{{name: second, path: {second}}}"],
        };
        await tree.DoneAsync("init", "--repositories");
        var empty = Path.Combine(tree.Root, "empty");
        await PostgresServer.RunAsync("cp", "-a", second, empty);
        for (var i = 0; i < 3; i++)
        {
            await BackUpAsync(tree, "--no-mirror");
            tree.Change(Changed);
        }

        await MeasureAsync(() => tree.DoneAsync("mirror"));
        while (killed < Mirrors)
        {
            await CopyAsync(empty, second);
            await KillAsync(tree, "mirror");
            await VerifyAsync(tree, "structure");
            await tree.DoneAsync("mirror");
            Assert.Equal(await IdsAsync(tree.Repository), await IdsAsync(second));
            await tree.DoneAsync("verify", "data", "--repository", "second");
        }

        await RestoreAllAsync(tree, second, "--repository", "second");
        await RestoreAllAsync(tree, tree.Repository, "--repository", "local");
        Report("mirrors");
    }

    /// <summary>A repository in which a prune has everything to do: snapshots to let go, packs to mark, to rewrite and to delete.</summary>
    private async Task<string> PrepareAsync(SlowTree tree)
    {
        await tree.DoneAsync("init", "--repositories");
        for (var i = 0; i < 3; i++)
        {
            await BackUpAsync(tree);
            tree.Change(Changed);
        }

        var longAgo = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(3));
        using (var repository = await BackupRepository.OpenAsync(new DirectoryStore(tree.Repository), null, longAgo, Token))
        {
            var options = new PruneOptions { Policy = new RetentionPolicy { KeepLast = 1, Zone = TimeZoneInfo.Utc } };
            Assert.True((await new Pruner(repository, options).RunAsync(Token)).PacksMarked > 0);
        }

        for (var i = 0; i < 3; i++)
        {
            await BackUpAsync(tree);
            tree.Change(Changed);
        }

        var prepared = Path.Combine(tree.Root, "prepared");
        Directory.Move(tree.Repository, prepared);
        return prepared;
    }

    private async Task BackUpAsync(SlowTree tree, params string[] more)
    {
        var backup = await tree.DoneAsync(["backup", "-o", "json", .. more]);
        sums[backup.Json.GetProperty("components")[0].GetProperty("snapshot").GetString()!] = tree.Sum();
    }

    /// <summary>A run that is done before its moment does not count; moments then come earlier, for a machine's speed is never the same.</summary>
    private async Task KillAsync(SlowTree tree, string verb)
    {
        using var process = tree.Start(verb);
        await Task.WhenAny(process.Exited, Task.Delay(tree.Random.NextDouble() * whole, Token));
        process.Kill();
        var ended = await process.WaitAsync(TimeSpan.FromMinutes(1), Token);
        Assert.True(ended.Code is 0 or 137, $"{ended.Command} ended with {ended.Code}: {ended.Error}");
        killed += ended.Code == 0 ? 0 : 1;
        whole *= ended.Code == 0 ? 0.8 : 1.05;
        endings.Add(ended.Code == 0 ? "done before" : "killed");
    }

    /// <summary>Right after a kill a receipt may be missing, which is told, is no damage, and is mended by the next run.</summary>
    private async Task VerifyAsync(SlowTree tree, string level)
    {
        var verify = await tree.DoneAsync("verify", level, "-o", "json");
        if (verify.Json.EnumerateArray().Any(report => report.GetProperty("notes").GetArrayLength() > 0))
        {
            endings.Add("without a receipt");
        }
    }

    private async Task RestoreAllAsync(SlowTree tree, string repository, params string[] more)
    {
        foreach (var id in await IdsAsync(repository))
        {
            await RestoreAsync(tree, id, more);
        }
    }

    private async Task RestoreNewestAsync(SlowTree tree) => await RestoreAsync(tree, (await IdsAsync(tree.Repository))[^1], []);

    private async Task RestoreAsync(SlowTree tree, string id, string[] more)
    {
        var target = Path.Combine(tree.Root, "target");
        await tree.DoneAsync(["restore", "artifacts", "--from", id, "--to", target, "--delete", "--yes", .. more]);
        Assert.Equal(sums[id], tree.Sum(target));
        endings.Add("restored byte-equal");
    }

    private static async Task<string[]> IdsAsync(string repository)
    {
        using var open = await BackupRepository.OpenAsync(new DirectoryStore(repository), null, TimeProvider.System, Token);
        var catalog = await SnapshotCatalog.LoadAsync(open, Token);
        Assert.Empty(catalog.Damaged);
        return [.. catalog.Snapshots.Select(s => s.Id)];
    }

    /// <summary>By hard links: what a repository holds is never changed, only added and deleted.</summary>
    private static async Task CopyAsync(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        await PostgresServer.RunAsync("cp", "-al", from, to);
    }

    private async Task MeasureAsync(Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        await run();
        whole = Stopwatch.GetElapsedTime(started);
    }

    private void Report(string what) => output.WriteLine(
        $"kill -9 at random moments of {what}: {string.Join(", ", endings.GroupBy(e => e).Select(g => $"{g.Count()} {g.Key}"))}");
}
