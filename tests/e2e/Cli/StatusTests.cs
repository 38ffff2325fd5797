using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

public sealed class StatusTests
{
    [Fact]
    public async Task The_repositories_alone_say_whether_there_is_a_fresh_backup()
    {
        using var tree = new SlowTree(files: 1, seed: 7);
        var missing = (await tree.RunAsync("status")).Expect(ExitCode.CheckFailed);
        Assert.StartsWith("NOT SAFE", missing.Output, StringComparison.Ordinal);
        Assert.Contains("there is no repository at", missing.Output, StringComparison.Ordinal);

        await tree.DoneAsync("init", "--repositories");
        Assert.Contains("it was never backed up", (await tree.RunAsync("status")).Expect(ExitCode.CheckFailed).Output, StringComparison.Ordinal);

        var backup = (await tree.DoneAsync("backup", "-o", "json")).Json;
        await tree.DoneAsync("backup");
        var status = await tree.DoneAsync("status", "-o", "json");

        Assert.True(status.Json.GetProperty("safe").GetBoolean());
        Assert.False(status.Json.TryGetProperty("verification", out _));
        Assert.Equal(2, status.Json.GetProperty("components")[0].GetProperty("sizes").GetArrayLength());
        var before = backup.GetProperty("state")[0];
        Assert.Equal("local", before.GetProperty("repository").GetString());
        Assert.Equal(1, before.GetProperty("components")[0].GetProperty("snapshots").GetInt32());
        Assert.StartsWith("SAFE", (await tree.DoneAsync("status")).Output, StringComparison.Ordinal);
    }
}
