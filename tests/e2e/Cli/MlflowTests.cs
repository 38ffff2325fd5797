using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary>The database against the artifacts, as an engineer asks for it.</summary>
[Collection(CliTests.Name)]
public sealed class MlflowTests(PlatformServer server)
{
    [Fact]
    public async Task A_sound_platform_is_consistent_and_the_list_says_so_without_anyone_asking()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        await platform.DoneAsync("backup", "postgres");
        Assert.False((await platform.PointsAsync())[0].TryGetProperty("consistent", out _));
        (await platform.DoneAsync("backup", "artifacts")).Says("consistent: all ");

        var point = Assert.Single(await platform.PointsAsync());
        Assert.True(point.GetProperty("consistent").GetBoolean());
        Assert.Equal(0, point.GetProperty("missingArtifacts").GetInt64());
        await platform.DoneAsync("verify", "data");
        var table = (await platform.DoneAsync("list", "--points")).Output;
        Assert.Contains("CONSISTENT", table, StringComparison.Ordinal);
        Assert.Contains("data ", table, StringComparison.Ordinal);

        var report = await platform.JsonAsync("verify", "mlflow");
        Assert.Equal("consistent", report.GetProperty("verdict").GetString());
        Assert.Equal(point.GetProperty("id").GetString(), report.GetProperty("recoveryPoint").GetString());
        Assert.True(report.GetProperty("findings").GetProperty("judgedCount").GetInt64() > 50);
        Assert.Equal("consistent", (await platform.JsonAsync("verify", "mlflow", "--live")).GetProperty("verdict").GetString());
        await platform.DoneAsync("verify", "mlflow", "--at", DateTimeOffset.UtcNow.ToString("u"));
    }

    [Fact]
    public async Task What_the_platform_lost_is_named_by_the_backup_the_list_and_the_check()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        var models = Directory.GetFiles(platform.Artifacts, "MLmodel", SearchOption.AllDirectories)
            .Where(f => f.Contains("/artifacts/model/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var run = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(models[0])))!;
        Directory.Delete(run, recursive: true);
        File.Delete(models[1]);
        var orphan = Directory.CreateDirectory(Path.Combine(platform.Artifacts, "leftover")).FullName;
        await File.WriteAllTextAsync(Path.Combine(orphan, "x"), "orphan", TestContext.Current.CancellationToken);

        (await platform.DoneAsync("backup", "all")).Says("NOT CONSISTENT", "verify mlflow --from");
        var point = Assert.Single(await platform.PointsAsync());
        Assert.False(point.GetProperty("consistent").GetBoolean());
        Assert.True(point.GetProperty("complete").GetBoolean());
        var id = point.GetProperty("id").GetString()!;

        foreach (string[] arguments in new[] { ["--from", id], new[] { "--live" } })
        {
            var found = (await platform.RunAsync(["verify", "mlflow", .. arguments])).Expect(ExitCode.CheckFailed);
            Assert.Contains("INCONSISTENT", found.Output, StringComparison.Ordinal);
            Assert.Contains($"missing: run {Path.GetFileName(run)} of experiment ", found.Output, StringComparison.Ordinal);
            Assert.Contains("no MLmodel: run ", found.Output, StringComparison.Ordinal);
            Assert.Contains("leftover/ (6 B)", found.Output, StringComparison.Ordinal);
            Assert.Contains("restore artifacts --from ID --include", found.Output, StringComparison.Ordinal);
        }

        var json = (await platform.RunAsync("verify", "mlflow", "-o", "json")).Expect(ExitCode.CheckFailed).Json;
        Assert.Equal(
            ["missing", "noMlModel"],
            json.GetProperty("findings").GetProperty("items").EnumerateArray().Select(i => i.GetProperty("problem").GetString()).Distinct().Order());
        Assert.Contains("NO, ", (await platform.DoneAsync("list", "--recovery-points")).Output, StringComparison.Ordinal);
        var described = await platform.DoneAsync("describe", id);
        Assert.Contains("have no MLmodel", described.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await platform.JsonAsync("describe", id)).GetProperty("snapshots").GetArrayLength());
        Assert.Contains(
            "inconsistent",
            (await platform.RunAsync("status", "-o", "json")).Json.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("kind").GetString()));

        Directory.Delete(platform.Artifacts, recursive: true);
        await Platform.CopyTreeAsync(server.SeededTree, platform.Artifacts);
        await platform.DoneAsync("backup", "all");
        Assert.Equal([false, true], (await platform.PointsAsync()).Select(p => p.GetProperty("consistent").GetBoolean()));
        await platform.DoneAsync("verify", "mlflow");
    }

    [Fact]
    public async Task Uris_of_another_root_are_no_yes_until_the_plan_says_what_they_are()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        await MoveUrisAsync(platform);
        await platform.DoneAsync("backup", "all");

        var outside = (await platform.RunAsync("verify", "mlflow")).Expect(ExitCode.Incomplete);
        Assert.Contains("spec.artifacts.uris", outside.Output, StringComparison.Ordinal);
        Assert.Contains("unknown", outside.Output, StringComparison.Ordinal);
        Assert.Contains("unknown", (await platform.DoneAsync("list", "--recovery-points")).Output, StringComparison.Ordinal);

        platform.Plan = platform.Plan! with { Artifacts = $"{{path: {platform.Artifacts}, uris: [\"file:///mlruns\"]}}" };
        await platform.DoneAsync("verify", "mlflow");
        Assert.True((await platform.PointsAsync())[0].GetProperty("consistent").GetBoolean());
    }

    [Fact]
    public async Task What_makes_no_sense_together_is_refused()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        (await platform.RunAsync("verify", "mlflow", "--read-data-subset", "5%")).Expect(ExitCode.Usage).SaysWithFix("--read-data-subset");
        (await platform.RunAsync("verify", "data", "--live")).Expect(ExitCode.Usage).SaysWithFix("--live");
        (await platform.RunAsync("verify", "structure", "--from", "latest")).Expect(ExitCode.Usage).SaysWithFix("--from");
        (await platform.RunAsync("verify", "mlflow", "--live", "--from", "abcd")).Expect(ExitCode.Usage).SaysWithFix("--live");
        (await platform.RunAsync("verify", "mlflow", "--from", "deadbeef")).Expect(ExitCode.Failed).SaysWithFix("no recovery point deadbeef");
        await platform.DoneAsync("backup", "postgres");
        var lonely = (await platform.PointsAsync())[^1].GetProperty("id").GetString()!;
        (await platform.RunAsync("verify", "mlflow", "--from", lonely)).Expect(ExitCode.Usage).SaysWithFix("has no artifacts");
        await platform.DoneAsync("verify", "mlflow");
    }

    private static Task MoveUrisAsync(Platform platform) => platform.Postgres.SqlAsync(
        platform.Database,
        """
        SET search_path = public;
        UPDATE runs SET artifact_uri = replace(artifact_uri, 'mlflow-artifacts:', 'file:///mlruns');
        UPDATE experiments SET artifact_location = replace(artifact_location, 'mlflow-artifacts:', 'file:///mlruns');
        UPDATE logged_models SET artifact_location = replace(artifact_location, 'mlflow-artifacts:', 'file:///mlruns');
        UPDATE model_versions SET source = replace(source, 'mlflow-artifacts:', 'file:///mlruns'),
          storage_location = replace(storage_location, 'mlflow-artifacts:', 'file:///mlruns');
        UPDATE trace_tags SET value = replace(value, 'mlflow-artifacts:', 'file:///mlruns')
        """);
}
