using KubectlMlopsBackup.Cluster.Access;
using KubectlMlopsBackup.Commands;

namespace KubectlMlopsBackup.UnitTests.Commands;

public sealed class LoginWarningTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Rto = TimeSpan.FromHours(1);

    [Fact]
    public void A_login_that_ends_within_the_recovery_time_is_warned_of() => Assert.Equal(
        "warning: the token of your kubeconfig ends in 40m, on 2026-11-24T12:40Z, and the plan's RTO is 1h: this may stop in the middle\n"
        + "  fix: log in again: nothing renews a token that lies in the kubeconfig itself, as an exec plugin would",
        LoginWarning.Of(new LoginEnd("token", null, Now.AddMinutes(40)), Now, Rto));

    [Fact]
    public void One_that_lasts_or_is_renewed_is_not()
    {
        Assert.Null(LoginWarning.Of(new LoginEnd("token", null, Now.AddMinutes(61)), Now, Rto));
        Assert.Null(LoginWarning.Of(null, Now, Rto));
    }
}
