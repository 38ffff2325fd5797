using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary>Three processes back up one tree together, as the pods of an Indexed Job do.</summary>
public sealed class ShareTests(ITestOutputHelper output)
{
    private const int Count = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_processes_of_which_one_is_killed_make_one_snapshot_in_a_folder()
    {
        using var tree = new SlowTree(24, seed: 5);
        await RunAsync(tree, []);
    }

    [Fact]
    public async Task Three_processes_of_which_one_is_killed_make_one_snapshot_in_a_bucket()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        using var tree = new SlowTree(24, seed: 6);
        var endpoint = bucket.Server.Endpoint.AbsoluteUri;
        tree.Plan = tree.Plan with
        {
            Repositories =
            [
                $"{{name: s3, retention: {{keepLast: 1}}, s3: {{bucket: {bucket.Name}, prefix: some/prefix, endpoint: \"{endpoint}\", "
                + "credentials: {accessKeyIdEnv: TEST_KEY, secretAccessKeyEnv: TEST_SECRET}}}",
            ],
        };
        await RunAsync(tree, new() { ["TEST_KEY"] = bucket.Server.AccessKey, ["TEST_SECRET"] = bucket.Server.SecretKey });
    }

    [Fact]
    public async Task What_one_share_leaves_out_is_told_by_the_pod_that_commits()
    {
        using var tree = new SlowTree(4, seed: 7);
        await DoneAsync(tree, [], "init", "--repositories");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(tree.Artifacts, "001", "socket")));
        var results = new List<CliResult>();
        for (var i = 0; i < Count; i++)
        {
            results.Add(await Start(tree, [], i, "night").WaitAsync(Patience, Token));
        }

        Assert.Equal([0, 0, (int)ExitCode.Incomplete], results.Select(r => r.Code));
        var component = results[2].Json.GetProperty("components")[0];
        Assert.Equal("incomplete", component.GetProperty("verdict").GetString());
        Assert.Equal("001/socket", component.GetProperty("problems")[0].GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("postgres", "0/3", "run", "--share is for the artifacts alone")]
    [InlineData("artifacts", "3/3", "run", "'3/3' is no share")]
    [InlineData("artifacts", "0/65", "run", "'0/65' is no share")]
    [InlineData("artifacts", "0/3", "../x", "'../x' cannot be an id")]
    [InlineData("artifacts", "0/3", null, "--share without --share-run")]
    public async Task What_is_no_share_is_refused(string what, string share, string? run, string expected)
    {
        using var tree = new SlowTree(1, seed: 8);
        var result = await tree.RunAsync(["backup", what, "--share", share, .. run is null ? Array.Empty<string>() : ["--share-run", run]]);
        Assert.Equal((int)ExitCode.Usage, result.Code);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    private async Task RunAsync(SlowTree tree, Dictionary<string, string> environment)
    {
        await DoneAsync(tree, environment, "init", "--repositories");
        for (var night = 1; night <= 3; night++)
        {
            tree.Change(night == 1 ? 24 : 12);
            var run = $"night-{night}";
            var shares = Enumerable.Range(0, Count).Select(i => Start(tree, environment, i, run)).ToArray();
            var victim = night % Count;
            await Task.Delay(TimeSpan.FromMilliseconds(300 + tree.Random.Next(1200)), Token);
            var killed = !shares[victim].HasExited;
            shares[victim].Kill();
            await shares[victim].Exited;
            var others = new List<CliResult>();
            foreach (var share in shares.Where((_, i) => i != victim))
            {
                others.Add((await share.WaitAsync(Patience, Token)).Expect(ExitCode.Done));
            }

            var again = (await Start(tree, environment, victim, run).WaitAsync(Patience, Token)).Expect(ExitCode.Done);
            CliResult[] all = killed ? [.. others, again] : [.. others];
            var snapshots = all.Select(r => r.Json.GetProperty("components")[0]).Where(c => c.TryGetProperty("snapshot", out _)).ToList();
            output.WriteLine($"{run}: share {victim} {(killed ? "was killed" : "had ended")}; {snapshots.Count} made the snapshot");
            await RestoreAsync(tree, environment, run);
            Array.ForEach(shares, s => s.Dispose());
        }

        await DoneAsync(tree, environment, "verify", "data");
        var listed = await DoneAsync(tree, environment, "list", "-o", "json");
        Assert.Equal(3, listed.Json.GetArrayLength());
    }

    private static async Task RestoreAsync(SlowTree tree, Dictionary<string, string> environment, string run)
    {
        var target = Path.Combine(tree.Root, $"restored-{run}");
        await DoneAsync(tree, environment, "restore", "artifacts", "--from", "latest", "--to", target, "--yes");
        Assert.Equal(tree.Sum(), tree.Sum(target));
        Directory.Delete(target, recursive: true);
    }

    private static CliProcess Start(SlowTree tree, Dictionary<string, string> environment, int index, string run) =>
        CommandLine.Start(
            Arguments(tree, ["backup", "artifacts", "--share", $"{index}/{Count}", "--share-run", run, "-o", "json"]), environment, tree.Root);

    private static async Task<CliResult> DoneAsync(SlowTree tree, Dictionary<string, string> environment, params string[] arguments)
    {
        var result = await CommandLine.RunAsync(Arguments(tree, arguments), environment, tree.Root, timeout: Patience);
        return result.Expect(ExitCode.Done);
    }

    private static string[] Arguments(SlowTree tree, string[] arguments)
    {
        File.WriteAllText(tree.PlanFile, tree.Plan.ToString());
        return [.. arguments, "--local", "--plan", tree.PlanFile];
    }
}
