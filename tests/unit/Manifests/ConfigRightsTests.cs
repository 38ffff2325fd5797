namespace KubectlMlopsBackup.UnitTests.Manifests;

public sealed class ConfigRightsTests
{
    [Theory]
    [InlineData("", "*:*")]
    [InlineData("secrets: none", "*:*")]
    [InlineData("include: [Deployment]", "*:*")]
    [InlineData("include: [\"*/Job\"]", "*:*")]
    [InlineData("include: [apps/*, Job.batch]", ":services apps,batch:*")]
    [InlineData("include: [secrets, ConfigMap, StatefulSet.apps]", ":configmaps,secrets,services apps:*")]
    [InlineData("include: [core/*, apps/*], secrets: none", ":configmaps,endpoints,limitranges,persistentvolumeclaims,pods,podtemplates,replicationcontrollers,resourcequotas,serviceaccounts,services apps:*")]
    [InlineData("include: [core/*], exclude: [secrets]", ":configmaps,endpoints,limitranges,persistentvolumeclaims,pods,podtemplates,replicationcontrollers,resourcequotas,serviceaccounts,services")]
    [InlineData("include: [core/Secret, core/Pod], secrets: names-only", ":pods,secrets,services")]
    public void The_role_reads_what_the_plan_backs_up_as_far_as_a_role_can_say_it(string config, string rules)
    {
        var plan = ClusterPlans.Config.Replace("namespaces: [mlops, monitoring], schedule: \"30 3 * * *\"", config, StringComparison.Ordinal);
        var role = YamlReading.ToJson(ClusterPlans.Render(plan).Single(m => m.Kind == "Role").Yaml)!;

        Assert.Equal(rules, string.Join(' ', role["rules"]!.AsArray().Select(r => $"{string.Join(',', r!["apiGroups"]!.AsArray())}:{string.Join(',', r["resources"]!.AsArray())}")));
        Assert.All(role["rules"]!.AsArray(), r => Assert.Equal("get,list", string.Join(',', r!["verbs"]!.AsArray())));
    }
}
