using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary>What a user does with it, from nothing to recovered.</summary>
[Collection(CliTests.Name)]
public sealed class StoryTests(PlatformServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_platform_in_a_folder_comes_back_as_it_was()
    {
        await using var platform = await Platform.CreateAsync(server);
        await TellAsync(platform, ["--repository", $"local={platform.Repository}"]);
    }

    [Fact]
    public async Task A_platform_in_a_bucket_comes_back_as_it_was()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await using var platform = await Platform.CreateAsync(server);
        UseKeys(platform, bucket.Server);
        await TellAsync(platform, ["--repository", $"s3=s3://{bucket.Name}/some/prefix", "--s3-endpoint", bucket.Server.Endpoint.AbsoluteUri]);
    }

    [Fact]
    public async Task A_platform_in_a_folder_and_a_bucket_comes_back_from_the_bucket_alone()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await using var platform = await Platform.CreateAsync(server);
        UseKeys(platform, bucket.Server);
        string[] repositories =
        [
            "--repository", $"local={platform.Repository}",
            "--repository", $"s3=s3://{bucket.Name}/some/prefix", "--s3-endpoint", bucket.Server.Endpoint.AbsoluteUri,
        ];
        await InitAsync(platform, repositories);
        var backup = await platform.JsonAsync("backup", "all");
        Assert.Equal(2, backup.GetProperty("mirrors")[0].GetProperty("report").GetProperty("copied").GetArrayLength());
        var (database, tree) = (await platform.DatabaseSumAsync(), platform.TreeSum());

        await LoseAsync(platform);
        Directory.Delete(platform.Repository, recursive: true);
        var restored = await platform.DoneAsync("restore", "all", "--yes", "-o", "json");

        Assert.Equal("s3", restored.Json.GetProperty("repository").GetString());
        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(tree, platform.TreeSum());
    }

    private static void UseKeys(Platform platform, S3Server s3)
    {
        platform.Environment["AWS_ACCESS_KEY_ID"] = s3.AccessKey;
        platform.Environment["AWS_SECRET_ACCESS_KEY"] = s3.SecretKey;
    }

    private static async Task TellAsync(Platform platform, string[] repositories)
    {
        await InitAsync(platform, repositories);
        var first = await platform.JsonAsync("backup", "all");
        await platform.GrowAsync();
        var second = await platform.JsonAsync("backup", "all");
        foreach (var (before, after) in first.GetProperty("components").EnumerateArray().Zip(second.GetProperty("components").EnumerateArray()))
        {
            Assert.Equal("complete", before.GetProperty("verdict").GetString());
            Assert.Equal("complete", after.GetProperty("verdict").GetString());
        }

        // An artifact that was there the night before is not sent again.
        Assert.True(Stored(second, 1) < Stored(first, 1) / 2, $"{Stored(first, 1)} then {Stored(second, 1)} bytes stored");
        var (database, tree) = (await platform.DatabaseSumAsync(), platform.TreeSum());

        await LoseAsync(platform);
        await platform.DoneAsync("restore", "all", "--yes");

        Assert.Equal(database, await platform.DatabaseSumAsync());
        Assert.Equal(tree, platform.TreeSum());
        await platform.DoneAsync("verify", "data");
        await CheckListsAsync(platform);
    }

    private static async Task InitAsync(Platform platform, string[] repositories)
    {
        // The plan is init's own here.
        platform.Plan = null;
        await platform.DoneAsync(
        [
            "init",
            "--name", "platform",
            "--postgres", $"postgres://{platform.User}@127.0.0.1:{platform.Postgres.Port}/{platform.Database}",
            "--postgres-password-file", platform.PasswordFile,
            "--artifacts", platform.Artifacts,
            "--passphrase-file", platform.PassphraseFile,
            .. repositories,
        ]);
        var made = await platform.DoneAsync("init", "--repositories");
        Assert.Contains("WITHOUT THE PASSPHRASE THEY ARE LOST", made.Output, StringComparison.Ordinal);
        var again = await platform.DoneAsync("init", "--repositories");
        Assert.Contains("exists already", again.Output, StringComparison.Ordinal);
    }

    private static async Task LoseAsync(Platform platform)
    {
        await platform.DropDatabaseAsync();
        Directory.Delete(platform.Artifacts, recursive: true);
    }

    private static long Stored(JsonElement backup, int component) =>
        backup.GetProperty("components")[component].GetProperty("stats").GetProperty("bytesStored").GetInt64();

    private static async Task CheckListsAsync(Platform platform)
    {
        var snapshots = await platform.SnapshotsAsync();
        Assert.Equal(4, snapshots.Length);
        Assert.Equal(2, (await platform.SnapshotsAsync("artifacts")).Length);
        var points = await platform.PointsAsync();
        Assert.Equal(2, points.Length);
        Assert.All(points, p => Assert.True(p.GetProperty("complete").GetBoolean()));
        Assert.Equal("data", points[0].GetProperty("verified").GetString());
        Assert.Equal("restore", points[1].GetProperty("verified").GetString());

        string[][] commands =
        [
            ["list", "all"],
            ["list", "--recovery-points"],
            ["describe", snapshots[0][..8]],
            ["describe", points[0].GetProperty("id").GetString()!],
            ["verify", "structure"],
            ["prune", "--dry-run"],
            ["key", "list"],
        ];
        foreach (var command in commands)
        {
            await CheckFormatsAsync(platform, command);
        }

        var names = await platform.DoneAsync("list", "all", "-o", "name");
        Assert.Equal(snapshots.Select(s => $"snapshot/{s}"), Lines(names.Output));
    }

    private static async Task CheckFormatsAsync(Platform platform, string[] command)
    {
        var table = await platform.DoneAsync(command);
        Assert.True(Lines(table.Output).Length >= 2, table.Output);
        Assert.DoesNotContain('\u001b', table.Output);
        await platform.DoneAsync([.. command, "-o", "wide"]);
        var json = await platform.JsonAsync(command);
        var yaml = new YamlStream();
        yaml.Load(new StringReader((await platform.DoneAsync([.. command, "-o", "yaml"])).Output));
        Assert.Equal(
            json.ValueKind == JsonValueKind.Array ? YamlNodeType.Sequence : YamlNodeType.Mapping,
            Assert.Single(yaml.Documents).RootNode.NodeType);
        var names = await platform.DoneAsync([.. command, "-o", "name"]);
        Assert.All(Lines(names.Output), l => Assert.Matches("^(snapshot|recoverypoint|key)/[0-9a-f]{64}$", l));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
