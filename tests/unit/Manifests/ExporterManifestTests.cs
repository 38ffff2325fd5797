using System.Text.Json.Nodes;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.InCluster.Status;

namespace KubectlMlopsBackup.UnitTests.Manifests;

public sealed class ExporterManifestTests
{
    private const string With = StatusWorld.Plan + "\n  monitoring: {exporter: true}\n";

    [Fact]
    public void Without_it_in_the_plan_there_is_no_exporter() =>
        Assert.DoesNotContain(Render(StatusWorld.Plan), m => m.Name is ExporterManifests.Name or ExporterManifests.Account);

    [Fact]
    public void It_may_read_five_kinds_and_change_nothing()
    {
        var role = Find("Role");
        var verbs = role["rules"]!.AsArray().SelectMany(r => r!["verbs"]!.AsArray()).Select(v => v!.GetValue<string>()).Distinct().Order();
        var kinds = role["rules"]!.AsArray().SelectMany(r => r!["resources"]!.AsArray()).Select(v => v!.GetValue<string>()).Order();

        Assert.Equal(["get", "list"], verbs);
        Assert.Equal(["configmaps", "cronjobs", "jobs", "persistentvolumeclaims", "pods"], kinds);
        Assert.Equal(ExporterManifests.Account, Find("RoleBinding")["subjects"]![0]!["name"]!.GetValue<string>());
    }

    [Fact]
    public void Its_pod_is_restricted_and_sees_neither_Secrets_nor_data()
    {
        var pod = Find("Deployment")["spec"]!["template"]!["spec"]!;
        var container = pod["containers"]![0]!;

        Assert.True(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>());
        Assert.Equal("RuntimeDefault", pod["securityContext"]!["seccompProfile"]!["type"]!.GetValue<string>());
        Assert.False(container["securityContext"]!["allowPrivilegeEscalation"]!.GetValue<bool>());
        Assert.True(container["securityContext"]!["readOnlyRootFilesystem"]!.GetValue<bool>());
        Assert.Equal("ALL", container["securityContext"]!["capabilities"]!["drop"]![0]!.GetValue<string>());
        Assert.Equal(["emptyDir", "name"], pod["volumes"]!.AsArray().SelectMany(v => v!.AsObject().Select(f => f.Key)).Order());
        Assert.DoesNotContain("secret", pod.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_service_leads_to_its_pods_and_to_no_Jobs()
    {
        var selector = Find("Service")["spec"]!["selector"]!.AsObject();
        var labels = Find("Deployment")["spec"]!["template"]!["metadata"]!["labels"]!;

        Assert.All(selector, s => Assert.Equal(s.Value!.GetValue<string>(), labels[s.Key]!.GetValue<string>()));
        Assert.Equal("exporter", selector["app.kubernetes.io/component"]!.GetValue<string>());
    }

    private static IReadOnlyList<Manifest> Render(string plan) =>
        ManifestRenderer.Render(Plans.Load(plan), new ManifestOptions("plan.yaml", plan, null, "1.2.3"));

    private static JsonObject Find(string kind) => YamlTree.Parse(Render(With).Single(m => m.Kind == kind && m.Name == ExporterManifests.Name).Yaml);
}
