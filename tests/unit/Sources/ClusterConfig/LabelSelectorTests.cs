using System.Text.Json.Nodes;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig;

public sealed class LabelSelectorTests
{
    [Theory]
    [InlineData("app=mlflow", true)]
    [InlineData("app==mlflow", true)]
    [InlineData("app=other", false)]
    [InlineData("app!=other", true)]
    [InlineData("app!=mlflow", false)]
    [InlineData("none!=x", true)]
    [InlineData("app", true)]
    [InlineData("none", false)]
    [InlineData("!none", true)]
    [InlineData("!app", false)]
    [InlineData("app in (other, mlflow)", true)]
    [InlineData("app notin (other,mlflow)", false)]
    [InlineData("none notin (a)", true)]
    [InlineData("app=mlflow,app.kubernetes.io/part-of=mlops", true)]
    [InlineData("app in (mlflow,x),app.kubernetes.io/part-of=other", false)]
    public void Labels_are_compared_as_the_API_server_does_it(string selector, bool selected) => Assert.Equal(
        selected,
        LabelSelector.Parse(selector).Selects(ConfigObject.Of(JsonNode.Parse(
            """{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "namespace": "b", "labels": {"app": "mlflow", "app.kubernetes.io/part-of": "mlops"} } }""")!.AsObject())));

    [Theory]
    [InlineData("")]
    [InlineData("app=a=b")]
    [InlineData("app in mlflow")]
    [InlineData("app near (a)")]
    [InlineData("app=mlflow,")]
    [InlineData("app in (a")]
    [InlineData("=x")]
    public void What_is_no_selector_is_refused(string selector) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<UserError>(() => LabelSelector.Parse(selector)).Code);
}
