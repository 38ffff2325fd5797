using System.Runtime.CompilerServices;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.UnitTests.Configuration;

namespace KubectlMlopsBackup.UnitTests.Manifests;

/// <summary>The manifests, word for word. After a change that is meant: MLOPSBACKUP_UPDATE_GOLDEN=1, then read the diff.</summary>
public sealed class ManifestGoldenTests
{
    [Theory]
    [InlineData("minimal", ClusterPlans.Minimal)]
    [InlineData("full", Plans.Cluster)]
    [InlineData("s3", ClusterPlans.S3)]
    [InlineData("kms", ClusterPlans.Kms)]
    [InlineData("parallel", ClusterPlans.Parallel)]
    [InlineData("config", ClusterPlans.Config)]
    [InlineData("drill", ClusterPlans.Drill)]
    public void Manifests_are_as_they_were(string name, string plan)
    {
        var file = Path.Combine(Path.GetDirectoryName(ThisFile())!, "golden", $"{name}.yaml");
        var rendered = ManifestRenderer.Documents(ClusterPlans.Render(plan));
        if (Environment.GetEnvironmentVariable("MLOPSBACKUP_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, rendered);
        }

        Assert.Equal(File.ReadAllText(file), rendered);
        Assert.Equal(rendered, ManifestRenderer.Documents(ClusterPlans.Render(plan)));
        Assert.All(rendered.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
        Assert.DoesNotContain("{{", rendered, StringComparison.Ordinal);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
