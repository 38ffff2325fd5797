using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

public sealed class SignalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_interrupted_backup_says_so_and_leaves_the_repository_whole()
    {
        using var tree = new SlowTree(files: 4, seed: 1);
        await tree.DoneAsync("init", "--repositories");
        await tree.DoneAsync("backup");
        var before = tree.Sum();
        for (var i = 4; i < 100; i++)
        {
            Directory.CreateDirectory(Path.Combine(tree.Artifacts, $"{i:d3}"));
        }

        tree.Change(100);
        using (var backup = tree.Start("backup"))
        {
            await UntilWritingAsync(tree, backup);
            backup.Interrupt();
            var ended = await backup.WaitAsync(TimeSpan.FromMinutes(1), Token);
            ended.Expect(ExitCode.Cancelled).Says("cancelled");
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(tree.Repository, "tmp")));
        await tree.DoneAsync("verify", "data");
        var target = Path.Combine(tree.Root, "target");
        await tree.DoneAsync("restore", "--to", target);
        Assert.Equal(before, tree.Sum(target));

        await tree.DoneAsync("backup");
        await tree.DoneAsync("restore", "--to", target, "--yes", "--delete");
        Assert.Equal(tree.Sum(), tree.Sum(target));
        await tree.DoneAsync("verify", "data");
    }

    private static async Task UntilWritingAsync(SlowTree tree, CliProcess backup)
    {
        int Packs() => Directory.GetFiles(Path.Combine(tree.Repository, "packs"), "*", SearchOption.AllDirectories).Length;
        var before = Packs();
        while (Packs() == before)
        {
            Assert.False(backup.HasExited, "the backup was done before it could be interrupted: it needs more data");
            await Task.Delay(1, Token);
        }
    }
}
