using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.UnitTests.Manifests;

public sealed class DrillScheduleTests
{
    [Fact]
    public void A_plan_without_a_schedule_has_no_account_no_role_and_no_CronJob_for_drills()
    {
        var manifests = ClusterPlans.Render(ClusterPlans.Drill.Replace("    drill: {schedule: \"0 6 1 1,4,7,10 *\"}", "    rto: 4h", StringComparison.Ordinal));

        Assert.DoesNotContain(manifests, m => m.Name.Contains("drill", StringComparison.Ordinal));
    }

    [Fact]
    public void The_CronJob_has_time_for_twice_the_RTO_a_token_and_one_attempt()
    {
        var job = YamlReading.ToJson(Find("CronJob", "drill"))!["spec"]!;
        var run = job["jobTemplate"]!["spec"]!;

        Assert.Equal("0 6 1 1,4,7,10 *", (string)job["schedule"]!);
        Assert.Equal(9 * 3600, (int)run["activeDeadlineSeconds"]!);
        Assert.Equal(0, (int)run["backoffLimit"]!);
        Assert.True((bool)run["template"]!["spec"]!["automountServiceAccountToken"]!);
        Assert.Equal(AgentJobs.DrillAccount, (string)run["template"]!["spec"]!["serviceAccountName"]!);
    }

    [Fact]
    public void It_has_the_keys_of_artifacts_that_it_rehearses_since_it_deletes_them_at_its_end()
    {
        var plan = ClusterPlans.Drill
            .Replace("  config: {", "  artifacts: {s3: {bucket: mlflow, prefix: prod, credentials: {secret: {name: s3-keys, accessKeyIdKey: id, secretAccessKeyKey: secret}}}}\n  config: {", StringComparison.Ordinal);
        bool HasKeys(string yaml) => ClusterPlans.Render(yaml).Single(m => m is { Kind: "CronJob", Name: "drill" }).Yaml.Contains("s3-keys", StringComparison.Ordinal);

        Assert.False(HasKeys(plan));
        Assert.True(HasKeys(plan.Replace("drill: {", "drill: {artifacts: {bucket: mlflow, prefix: drills}, ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("  config: {schedule: \"30 3 * * *\"}\n", "", "spec.config")]
    [InlineData("s3: {bucket: mlops-backups, region: eu-central-1}", "volume: {}", "a repository in S3")]
    [InlineData("0 6 1 1,4,7,10 *", "0 6 31 2 *", "this day never exists")]
    public void A_schedule_that_could_only_fail_is_refused(string old, string changed, string word)
    {
        var refused = Assert.Throws<UserError>(() => ClusterPlans.Render(ClusterPlans.Drill.Replace(old, changed, StringComparison.Ordinal)));

        Assert.Contains("spec.recovery.drill.schedule", refused.Message, StringComparison.Ordinal);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_policy_speaks_of_this_installation_only()
    {
        var policy = Find("ValidatingAdmissionPolicy", "mlopsbackup-drill-mlops");

        Assert.Contains("request.userInfo.username == 'system:serviceaccount:mlops:drill-sa'", policy, StringComparison.Ordinal);
        Assert.Contains("object.metadata.name == 'dr-test' || object.metadata.name.startsWith('dr-test-')", policy, StringComparison.Ordinal);
        Assert.Contains("object.roleRef.name == 'mlopsbackup-drill-mlops.scratch'", policy, StringComparison.Ordinal);
    }

    private static string Find(string kind, string name) => ClusterPlans.Render(ClusterPlans.Drill).Single(m => m.Kind == kind && m.Name == name).Yaml;
}
