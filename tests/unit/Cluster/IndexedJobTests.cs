using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.UnitTests.Cluster;

/// <summary>Of several pods that back up together, one speaks for all.</summary>
public sealed class IndexedJobTests
{
    private const string Stored = """{"components":[{"component":"artifacts","verdict":"share"}],"exitCode":0}""";

    [Fact]
    public void The_result_is_that_of_the_pod_which_made_the_snapshot()
    {
        var end = JobEnds.Of(Job("Complete"), [Pod(137, ""), Pod(0, Stored), Pod(0, Whole("complete")), Pod(0, Stored)], null, []);
        Assert.Equal(ExitCode.Done, end.Code);
        Assert.Equal("complete", end.Result!.Value.GetProperty("components")[0].GetProperty("verdict").GetString());
    }

    [Fact]
    public void The_exit_code_is_that_of_the_pod_which_made_the_snapshot()
    {
        var end = JobEnds.Of(Job("Failed"), [Pod(3, Whole("incomplete")), Pod(0, Stored), Pod(137, "")], null, []);
        Assert.Equal(ExitCode.Incomplete, end.Code);
        Assert.Equal("incomplete", end.Result!.Value.GetProperty("components")[0].GetProperty("verdict").GetString());
    }

    [Fact]
    public void A_share_that_failed_for_good_fails_the_job()
    {
        var end = JobEnds.Of(Job("Failed"), [Pod(0, Stored), Pod(12, """{"error":"wrong passphrase","exitCode":12}"""), Pod(0, Stored)], null, []);
        Assert.Equal(ExitCode.WrongKey, end.Code);
        Assert.Contains(end.Failures, f => f.Message == "wrong passphrase");
    }

    private static string Whole(string verdict) => Stored.Replace("\"share\"", $"\"{verdict}\"", StringComparison.Ordinal);

    private static JobView Job(string condition) => new()
    {
        Status = new JobStatusView(null, null, null, null, null, [new Condition(condition, "True", null, null, null)]),
    };

    private static PodView Pod(int code, string message) => new()
    {
        Status = new PodStatusView(
            null,
            null,
            null,
            null,
            [new ContainerStatusView("agent", null, null, new ContainerStateView(null, null, new TerminatedView(code, null, null, message, null, null)), null)]),
    };
}
