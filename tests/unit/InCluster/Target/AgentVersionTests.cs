using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Target;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.Manifests;

namespace KubectlMlopsBackup.UnitTests.InCluster.Target;

public sealed class AgentVersionTests
{
    [Theory]
    [InlineData("1.3.0", "older", "kubectl mlopsbackup install -n mlops")]
    [InlineData("1.2.2", "newer", "use version 1.2.3 of this program")]
    [InlineData("1.2.3-rc.1", "newer", "use version 1.2.3 of this program")]
    public void An_agent_of_another_version_is_refused_with_what_to_do(string program, string word, string fix)
    {
        var refused = Assert.Throws<UserError>(() => AgentVersion.Check(Installed(), "a drill", program));

        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains($"a drill needs an agent of this program's version {program}, and namespace mlops has the {word} 1.2.3", refused.Message, StringComparison.Ordinal);
        Assert.Contains(fix, refused.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backup_of_another_version_is_refused_with_a_way_that_needs_no_cluster()
    {
        var refused = Assert.Throws<UserError>(() => AgentVersion.CheckRecorded(Installed(), "2.0.0"));

        Assert.Contains("recover with version 1.2.3 of this program", refused.Fix, StringComparison.Ordinal);
        Assert.Contains("--plan", refused.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_version_goes_ahead()
    {
        AgentVersion.Check(Installed(), "a drill", "1.2.3");
        AgentVersion.CheckRecorded(Installed(), "v1.2.3");
    }

    private static InstalledPlan Installed() => new(Plans.Load(ClusterPlans.Minimal), ClusterPlans.Minimal, "mlops", "1.2.3");
}
