using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.UnitTests.Configuration;

namespace KubectlMlopsBackup.UnitTests.Manifests;

public sealed class KustomizeBaseTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kustomize").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_same_plan_makes_the_same_files_and_every_object_is_in_them_once()
    {
        var manifests = ClusterPlans.Render(Plans.Cluster);
        await KustomizeBase.WriteAsync(folder, manifests, TestContext.Current.CancellationToken);
        var first = Read();
        await KustomizeBase.WriteAsync(folder, ClusterPlans.Render(Plans.Cluster), TestContext.Current.CancellationToken);

        Assert.Equal(first, Read());
        Assert.Equal(manifests.Count + 1, first.Count);
        var index = YamlReading.ToJson(first[KustomizeBase.Index])!;
        Assert.Equal(first.Keys.Where(k => k != KustomizeBase.Index).Order(StringComparer.Ordinal), index["resources"]!.AsArray().Select(r => (string)r!).Order(StringComparer.Ordinal));
        Assert.Equal(manifests.Select(m => m.Yaml).Order(StringComparer.Ordinal), first.Where(f => f.Key != KustomizeBase.Index).Select(f => f.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Volumes_with_backups_are_kept_from_pruning()
    {
        await KustomizeBase.WriteAsync(folder, ClusterPlans.Render(Plans.Cluster), TestContext.Current.CancellationToken);
        Assert.Contains("Prune=false,Delete=false", Read()[KustomizeBase.Index], StringComparison.Ordinal);

        await KustomizeBase.WriteAsync(folder, ClusterPlans.Render(ClusterPlans.S3), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("patches", Read()[KustomizeBase.Index], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_earlier_run_made_goes_and_what_others_made_stays()
    {
        await KustomizeBase.WriteAsync(folder, ClusterPlans.Render(Plans.Cluster), TestContext.Current.CancellationToken);
        var outside = folder + ".yaml";
        await File.WriteAllTextAsync(outside, "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.yaml"), "", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Path.Combine(folder, KustomizeBase.Index), $"  - ../{Path.GetFileName(outside)}\n", TestContext.Current.CancellationToken);
        await KustomizeBase.WriteAsync(folder, ClusterPlans.Render(ClusterPlans.S3), TestContext.Current.CancellationToken);

        Assert.Equal(
            ClusterPlans.Render(ClusterPlans.S3).Count + 2,
            Directory.GetFiles(folder).Length);
        Assert.True(File.Exists(Path.Combine(folder, "notes.yaml")));
        Assert.True(File.Exists(outside));
        File.Delete(outside);
    }

    [Fact]
    public async Task Another_kustomization_is_not_written_over()
    {
        var index = Path.Combine(folder, KustomizeBase.Index);
        await File.WriteAllTextAsync(index, "resources: [mine.yaml]\n", TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<UserError>(() => KustomizeBase.WriteAsync(folder, ClusterPlans.Render(Plans.Cluster), TestContext.Current.CancellationToken));
        Assert.Equal([index], Directory.GetFiles(folder));
    }

    private SortedDictionary<string, string> Read() =>
        new(Directory.GetFiles(folder).ToDictionary(f => Path.GetFileName(f)!, File.ReadAllText), StringComparer.Ordinal);
}
