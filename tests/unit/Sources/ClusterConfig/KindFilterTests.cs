using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig;

public sealed class KindFilterTests
{
    [Theory]
    [InlineData("Deployment.apps", "apps", "Deployment", true)]
    [InlineData("deployments.apps", "apps", "Deployment", true)]
    [InlineData("apps/Deployment", "apps", "Deployment", true)]
    [InlineData("apps/*", "apps", "StatefulSet", true)]
    [InlineData("apps/*", "batch", "Job", false)]
    [InlineData("core/*", "", "Secret", true)]
    [InlineData("core/*", "apps", "Deployment", false)]
    [InlineData("secrets", "", "Secret", true)]
    [InlineData("ingresses", "networking.k8s.io", "Ingress", true)]
    [InlineData("networkpolicies", "networking.k8s.io", "NetworkPolicy", true)]
    [InlineData("Event", "example.com", "Event", true)]
    [InlineData("secret", "", "SecretStore", false)]
    [InlineData("*/*", "apps", "Deployment", true)]
    public void Kinds_are_named_as_kubectl_does(string pattern, string group, string kind, bool fits)
    {
        Assert.Equal(fits, new KindFilter([pattern], []).Selects(group, kind));
        Assert.Equal(!fits, new KindFilter([], [pattern]).Selects(group, kind));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("apps/")]
    [InlineData("De ployment")]
    [InlineData("sec*")]
    [InlineData("*")]
    public void What_is_no_kind_is_refused(string pattern)
    {
        Assert.False(KindFilter.IsKind(pattern));
        Assert.Equal(ExitCode.Usage, Assert.Throws<UserError>(() => new KindFilter([pattern], [])).Code);
    }

    [Fact]
    public void What_is_excluded_is_not_included()
    {
        var filter = new KindFilter(["core/*"], ["secrets"]);

        Assert.True(filter.Selects("", "ConfigMap"));
        Assert.False(filter.Selects("", "Secret"));
    }
}
