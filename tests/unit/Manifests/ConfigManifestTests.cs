using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.UnitTests.Manifests;

public sealed class ConfigManifestTests
{
    [Fact]
    public void Only_the_job_that_reads_the_cluster_gets_a_token()
    {
        var jobs = ClusterPlans.Render(ClusterPlans.Config).Where(m => m.Kind == "CronJob").ToDictionary(m => m.Name, m => m.Yaml);

        Assert.Contains("automountServiceAccountToken: true", jobs["config-backup"], StringComparison.Ordinal);
        Assert.All(jobs.Where(j => j.Key != "config-backup"), j => Assert.Contains("automountServiceAccountToken: false", j.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void It_may_read_and_nothing_else()
    {
        var roles = ClusterPlans.Render(ClusterPlans.Config).Where(m => m.Kind is "Role" or "ClusterRole").ToList();

        Assert.Equal([("mlopsbackup-config", null), ("mlopsbackup-config-mlops", "monitoring"), ("mlopsbackup-config-mlops", null)], roles.Select(r => (r.Name, r.Namespace)));
        var verbs = roles.SelectMany(r => YamlReading.ToJson(r.Yaml)!["rules"]!.AsArray()).SelectMany(r => r!["verbs"]!.AsArray()).Select(v => v!.GetValue<string>()).Distinct();
        Assert.Equal(["get", "list"], verbs.Order());
        Assert.DoesNotContain("\"*\"", roles[2].Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_without_it_has_no_roles_and_without_a_schedule_it_waits_to_be_asked()
    {
        Assert.DoesNotContain(ClusterPlans.Render(ClusterPlans.Minimal), m => m.Kind.Contains("Role", StringComparison.Ordinal));
        var asked = ClusterPlans.Render(ClusterPlans.Config.Replace(", schedule: \"30 3 * * *\"", "", StringComparison.Ordinal).Replace("[mlops, monitoring]", "[]", StringComparison.Ordinal));

        Assert.Contains("suspend: true", asked.Single(m => m.Name == "config-backup").Yaml, StringComparison.Ordinal);
        Assert.Equal(["mlops"], ClusterPlans.Agent(asked).Spec.Config!.Namespaces);
        Assert.DoesNotContain(asked, m => m.Namespace is not null);
    }
}
