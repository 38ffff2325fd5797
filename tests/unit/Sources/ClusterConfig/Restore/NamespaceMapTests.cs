using KubectlMlopsBackup.Sources.ClusterConfig.Restore;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Restore;

public sealed class NamespaceMapTests
{
    [Fact]
    public void One_namespace_goes_to_the_one_that_is_named_and_several_by_name()
    {
        Assert.Equal("dr", NamespaceMap.Of(["dr"], ["mlops"])["mlops"]);
        Assert.Equal("b2", NamespaceMap.Of(["a=a2", "b=b2"], ["a", "b", "c"])["b"]);
        Assert.Empty(NamespaceMap.Of([], ["a", "b"]));
    }

    [Theory]
    [InlineData("dr", "a,b")]
    [InlineData("c=dr", "a,b")]
    [InlineData("a=A", "a")]
    [InlineData("a=a", "a")]
    [InlineData("a", "a")]
    [InlineData("a=", "a")]
    [InlineData("a=x,a=y", "a")]
    [InlineData("a=x,b=x", "a,b")]
    public void What_does_not_fit_is_refused(string targets, string namespaces) => Assert.Equal(
        ExitCode.Usage, Assert.Throws<UserError>(() => NamespaceMap.Of(targets.Split(','), namespaces.Split(','))).Code);
}
