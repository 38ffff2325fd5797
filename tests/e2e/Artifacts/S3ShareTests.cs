using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.EndToEndTests.Artifacts;

/// <summary>Artifacts in a bucket, backed up and restored in shares at once.</summary>
public sealed class S3ShareTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_is_backed_up_and_restored_in_shares()
    {
        await using var world = await S3ArtifactWorld.CreateAsync();
        await world.FillAsync(small: 60, large: 4);
        // An object whose name is a folder of others, and a "folder" as S3 tools make it.
        await world.PutAsync("models", [1, 2, 3]);
        await world.PutAsync("models/", []);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(() => ShareAsync(world, i))));
        var snapshot = Assert.Single(outcomes, o => o.Commits).Snapshot!;
        Assert.Equal(66, snapshot.Stats.Files);
        var single = await world.BackUpAsync();
        Assert.Equal(single.Stats.Files, snapshot.Stats.Files);
        Assert.Equal(single.Tree.Chunks, snapshot.Tree.Chunks);
        Assert.True(single.Stats.BytesRead == 0, "what shares backed up is known to the next backup");

        await world.RestoreAsync(snapshot, "restored");
        Assert.Equal(await world.ContentAsync(), await world.ContentAsync("restored"));
    }

    private static async Task<ShareOutcome> ShareAsync(S3ArtifactWorld world, int index)
    {
        using var source = world.Source();
        var options = new ArtifactBackupOptions { Plan = "test", Readers = ArtifactBackupOptions.ReadersFor(source) };
        return await new ShareBackup(world.Repository, source, options, new BackupCounters(), new ShareId("run", index, 3))
            .RunAsync(WriterOptions.Default, Token);
    }
}
