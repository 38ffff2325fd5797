using KubectlMlopsBackup.Sources.ClusterConfig.Restore;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Restore;

public sealed class DnsNamesTests
{
    private readonly DnsNames names = new("mlops", new HashSet<string> { "postgres" });

    [Theory]
    [InlineData("postgres.mlops.svc", "postgres.new.svc")]
    [InlineData("http://any.mlops.svc.cluster.local:80/x", "http://any.new.svc.cluster.local:80/x")]
    [InlineData("pod-0.any.mlops.svc.cluster.local", "pod-0.any.new.svc.cluster.local")]
    [InlineData("postgresql://u:p@postgres.mlops:5432/db", "postgresql://u:p@postgres.new:5432/db")]
    [InlineData("see postgres.mlops.", "see postgres.new.")]
    [InlineData("a.mlops.svc,b.mlops.svc", "a.new.svc,b.new.svc")]
    public void Names_of_services_are_found_and_rewritten(string text, string rewritten)
    {
        Assert.NotEmpty(names.In(text));
        Assert.Equal(rewritten, names.Rewrite(text, "new"));
    }

    [Theory]
    [InlineData("mlops")]
    [InlineData(".mlops.svc")]
    [InlineData("other.mlops")]
    [InlineData("postgres.mlops.example.com")]
    [InlineData("postgres.mlops-2.svc")]
    [InlineData("postgres.mlops.svcx")]
    [InlineData("postgres.xmlops.svc")]
    [InlineData("registry/mlops/postgres")]
    public void Anything_else_stays(string text)
    {
        Assert.Empty(names.In(text));
        Assert.Equal(text, names.Rewrite(text, "new"));
    }

    [Fact]
    public void What_is_found_is_the_name_and_no_more() => Assert.Equal(["postgres.mlops", "a.b.mlops"], names.In("x postgres.mlops:1 y a.b.mlops.svc z"));
}
