using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

public sealed class LogsTests(ClusterFixture cluster)
{
    [Fact]
    public async Task A_Job_tells_people_in_a_few_lines_and_programs_all()
    {
        await using var world = await StatusWorld.CreateAsync(cluster);
        var ns = world.Namespace;
        (await ns.RunAsync("logs")).Expect(ExitCode.Usage).SaysWithFix("no Job of plan status");
        await world.InitAsync();
        await ns.KubectlAsync("create", "job", "night", $"--from=cronjob/{StatusWorld.CronJob}");

        var followed = await ns.DoneAsync("logs", "night", "-f");
        var newest = await ns.DoneAsync("logs");
        var byComponent = await ns.DoneAsync("logs", "artifacts");
        var raw = await ns.DoneAsync("logs", "night", "-o", "json");

        Assert.Contains("result: artifacts complete, 2.9 MiB", followed.Output, StringComparison.Ordinal);
        Assert.Equal("job night\n", newest.Error);
        Assert.Equal(newest.Output, byComponent.Output);
        Assert.Contains("result: artifacts complete, 2.9 MiB", newest.Output, StringComparison.Ordinal);
        var events = raw.Output.Split('\n').Where(l => l.StartsWith('{')).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("type").GetString());
        Assert.Contains("result", events);

        (await ns.RunAsync("logs", "postgres")).Expect(ExitCode.Usage).SaysWithFix("there is no Job postgres", "there are: night");
        (await ns.RunAsync("logs", "-o", "yaml")).Expect(ExitCode.Usage).SaysWithFix("logs are not to be had as yaml");
    }
}
