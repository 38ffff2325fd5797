using System.Text.Json;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.UnitTests.Cluster.Jobs;

public sealed class JobEndsTests
{
    private static readonly JobView Complete = Job("Complete", null);
    private static readonly JobView Failed = Job("Failed", "PodFailurePolicy");

    [Fact]
    public void A_complete_Job_is_done_with_the_result_of_its_log()
    {
        var end = JobEnds.Of(Complete, [Pod(0, """{"truncated":true}""")], Json("""{"whole":1}"""), []);

        Assert.Equal(ExitCode.Done, end.Code);
        Assert.True(end.Result!.Value.TryGetProperty("whole", out _));
        Assert.Empty(end.Failures);
    }

    [Fact]
    public void Without_a_log_the_termination_message_is_the_result() =>
        Assert.True(JobEnds.Of(Complete, [Pod(0, """{"truncated":true}""")], null, []).Result!.Value.TryGetProperty("truncated", out _));

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(12)]
    public void A_failed_Job_ends_with_the_exit_code_of_its_last_pod(int code) =>
        Assert.Equal((ExitCode)code, JobEnds.Of(Failed, [Pod(1, null), Pod(code, null)], null, []).Code);

    [Theory]
    [InlineData(0)]
    [InlineData(77)]
    [InlineData(134)]
    public void Codes_that_say_nothing_are_failed(int code) => Assert.Equal(ExitCode.Failed, JobEnds.Of(Failed, [Pod(code, null)], null, []).Code);

    [Fact]
    public void The_agents_error_is_told_with_its_fix_where_the_log_had_none()
    {
        var failure = Assert.Single(JobEnds.Of(Failed, [Pod(10, """{"error":"no repository","fix":"make it","exitCode":10}""")], null, []).Failures);

        Assert.Equal(new JobFailure("no repository", "make it"), failure);
    }

    [Fact]
    public void The_agents_error_is_told_once()
    {
        var said = new JobFailure("no repository", "make it");

        Assert.Equal([said], JobEnds.Of(Failed, [Pod(10, """{"error":"no repository","fix":"make it"}""")], null, [said]).Failures);
    }

    [Fact]
    public void A_pod_without_enough_memory_is_told_as_that()
    {
        var end = JobEnds.Of(Failed, [Pod(137, null, "OOMKilled")], null, []);

        Assert.Equal(ExitCode.Failed, end.Code);
        Assert.Contains("limits.memory", Assert.Single(end.Failures).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Job_past_its_deadline_is_told_as_that() =>
        Assert.Contains("deadline", Assert.Single(JobEnds.Of(Job("Failed", "DeadlineExceeded"), [], null, []).Failures).Message, StringComparison.Ordinal);

    [Fact]
    public void A_failed_Job_without_a_word_is_not_silent() => Assert.NotEmpty(JobEnds.Of(Failed, [], null, []).Failures);

    [Fact]
    public void A_termination_message_that_is_no_JSON_is_a_failure_in_its_own_words() =>
        Assert.Equal("exec format error", Assert.Single(JobEnds.Of(Failed, [Pod(1, "exec format error\n")], null, []).Failures).Message);

    private static JobView Job(string end, string? reason) => new()
    {
        Metadata = new Metadata { Name = "postgres-backup-x" },
        Status = new JobStatusView(null, null, null, null, null, [new Condition(end, "True", reason, null, null)]),
    };

    private static PodView Pod(int code, string? message, string? reason = null) => new()
    {
        Metadata = new Metadata { Name = "postgres-backup-x-1" },
        Status = new PodStatusView("Failed", null, null, null,
            [new ContainerStatusView("agent", false, 0, new ContainerStateView(null, null, new TerminatedView(code, null, reason, message, null, null)), null)]),
    };

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
