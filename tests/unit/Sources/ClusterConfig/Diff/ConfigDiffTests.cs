using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.Sources.ClusterConfig.Diff;
using static KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Objects;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Diff;

public sealed class ConfigDiffTests
{
    [Fact]
    public void Objects_that_came_went_and_changed_are_told()
    {
        ConfigObject[] before = [Named("v1", "ConfigMap", "n", "gone"), Named("apps/v1", "Deployment", "n", "a", """{"replicas":1}"""), Named("v1", "Namespace", null, "n")];
        ConfigObject[] after = [Named("apps/v1", "Deployment", "n", "a", """{"replicas":2}"""), Named("v1", "Namespace", null, "n"), Named("v1", "ConfigMap", "n", "new")];

        var differences = ConfigDiff.Of(before, after);

        Assert.Equal(
            [("configmap/gone", "removed"), ("configmap/new", "added"), ("deployment.apps/a", "changed")], differences.Select(d => (d.Object, d.Change)));
        Assert.Contains("-  replicas: 1", differences[2].Diff);
        Assert.Contains("+  replicas: 2", differences[2].Diff);
        Assert.Empty(ConfigDiff.Of(before, before));
    }

    [Fact]
    public void A_version_of_the_api_is_no_other_object() => Assert.Equal(
        "changed", Assert.Single(ConfigDiff.Of([Named("autoscaling/v1", "HorizontalPodAutoscaler", "n", "a")], [Named("autoscaling/v2", "HorizontalPodAutoscaler", "n", "a")])).Change);

    [Fact]
    public void Which_values_of_a_secret_differ_is_told_and_not_what_they_are()
    {
        var before = Of("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"n"},"data":{"a":"aHVudGVyMg==","b":"c2FtZQ=="}}""");
        var after = Of("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"n"},"data":{"a":"aHVudGVyMw==","b":"c2FtZQ=="}}""");

        var changed = string.Join('\n', Assert.Single(ConfigDiff.Of([before], [after])).Diff);
        var added = string.Join('\n', Assert.Single(ConfigDiff.Of([], [after])).Diff);

        Assert.Contains("*** (before)", changed, StringComparison.Ordinal);
        Assert.Contains("*** (after)", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("aHVudGVy", changed + added, StringComparison.Ordinal);
        Assert.DoesNotContain("c2FtZQ", changed + added, StringComparison.Ordinal);
    }
}
