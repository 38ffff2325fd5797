using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

[Collection(CliTests.Name)]
public sealed class PruneTests(PlatformServer server)
{
    [Fact]
    public async Task A_dry_run_says_what_would_go_and_writes_nothing()
    {
        await using var platform = await ThreeNightsAsync(verifyFirst: false);
        var before = FolderListing.Of(platform.Repository);

        var outcome = (await platform.JsonAsync("prune", "--dry-run"))[0];

        Assert.Equal(4, Gone(outcome).Length);
        Assert.Equal(before, FolderListing.Of(platform.Repository));
    }

    [Fact]
    public async Task Retention_lets_go_all_but_the_newest()
    {
        await using var platform = await ThreeNightsAsync(verifyFirst: false);
        var all = await platform.SnapshotsAsync();

        var outcome = (await platform.JsonAsync("prune"))[0];

        Assert.Equal(all.Take(4).Order(StringComparer.Ordinal), Gone(outcome));
        Assert.Equal(all.Skip(4), await platform.SnapshotsAsync());
        await platform.DoneAsync("verify", "data");
        Assert.Empty(Gone((await platform.JsonAsync("prune"))[0]));
    }

    [Fact]
    public async Task The_last_verified_recovery_point_stays_whatever_the_rules_say()
    {
        await using var platform = await ThreeNightsAsync(verifyFirst: true);
        var all = await platform.SnapshotsAsync();

        await platform.DoneAsync("prune");

        Assert.Equal(all.Take(2).Concat(all.Skip(4)), await platform.SnapshotsAsync());
        var verified = (await platform.PointsAsync())[0].GetProperty("id").GetString()!;
        await platform.DoneAsync("restore", "artifacts", "--to", Path.Combine(platform.Root, "target"), "--from", verified);
    }

    [Fact]
    public async Task A_damaged_repository_is_not_pruned()
    {
        await using var platform = await ThreeNightsAsync(verifyFirst: false);
        var snapshot = Directory.GetFiles(Path.Combine(platform.Repository, "snapshots")).Order(StringComparer.Ordinal).First();
        await using (var file = new FileStream(snapshot, FileMode.Open, FileAccess.Write))
        {
            file.SetLength(file.Length - 1);
        }

        var before = FolderListing.Of(platform.Repository);
        (await platform.RunAsync("prune")).Expect(ExitCode.CheckFailed).SaysWithFix("is damaged", "verify data");
        Assert.Equal(Names(before), Names(FolderListing.Of(platform.Repository)));
    }

    [Fact]
    public async Task A_backup_prunes_afterwards_where_that_is_said()
    {
        await using var platform = await ThreeNightsAsync(verifyFirst: false);
        var outcome = await platform.JsonAsync("backup", "all", "--prune");
        Assert.Equal(6, Gone(outcome.GetProperty("prunes")[0]).Length);
        Assert.Equal(2, (await platform.SnapshotsAsync()).Length);
    }

    private async Task<Platform> ThreeNightsAsync(bool verifyFirst)
    {
        var platform = await Platform.CreateAsync(server);
        platform.Plan = platform.Plan! with
        {
            Repositories = [$"{{name: local, path: {platform.Repository}, retention: {{keepLast: 1}}}}"],
        };
        await platform.InitAsync();
        for (var night = 0; night < 3; night++)
        {
            await platform.DoneAsync("backup", "all");
            if (night == 0 && verifyFirst)
            {
                await platform.DoneAsync("verify", "data");
            }

            await platform.GrowAsync();
        }

        return platform;
    }

    private static string[] Gone(JsonElement outcome) =>
    [
        .. outcome.GetProperty("snapshots").EnumerateArray()
            .Where(s => !s.GetProperty("kept").GetBoolean())
            .Select(s => s.GetProperty("id").GetString()!)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Without the folders' times: a lease comes and goes.</summary>
    private static string[] Names(string listing) => [.. listing.Split('\n').Where(l => !l.Contains("/ ", StringComparison.Ordinal))];
}
