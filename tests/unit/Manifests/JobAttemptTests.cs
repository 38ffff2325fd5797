using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.UnitTests.Manifests;

public sealed class JobAttemptTests
{
    [Theory]
    [InlineData("0", (int)ExitCode.Failed, true)]
    [InlineData("1", (int)ExitCode.Locked, true)]
    [InlineData("2", (int)ExitCode.Failed, false)]
    [InlineData("3", (int)ExitCode.Failed, false)]
    // The Job fails at once.
    [InlineData("0", (int)ExitCode.Usage, false)]
    [InlineData("0", (int)ExitCode.Incomplete, false)]
    [InlineData("0", (int)ExitCode.CheckFailed, false)]
    [InlineData("0", (int)ExitCode.NoRepository, false)]
    [InlineData("0", (int)ExitCode.WrongKey, false)]
    // Its Job may be at its end.
    [InlineData("0", (int)ExitCode.Cancelled, false)]
    [InlineData("0", (int)ExitCode.Done, false)]
    public void What_is_tried_again_is_known(string failed, int code, bool again) =>
        Assert.Equal(again, JobAttempt.Of(failed, "2")!.IsTriedAgain((ExitCode)code));

    [Theory]
    [InlineData(null, "2")]
    [InlineData("", "2")]
    [InlineData("1", null)]
    [InlineData("-1", "2")]
    [InlineData("many", "2")]
    public void Without_a_Job_that_counts_nothing_is_known(string? failed, string? retries) => Assert.Null(JobAttempt.Of(failed, retries));
}
