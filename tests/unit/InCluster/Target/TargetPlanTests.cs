using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Target;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.Manifests;

namespace KubectlMlopsBackup.UnitTests.InCluster.Target;

public sealed class TargetPlanTests
{
    private const string Offsite = "    - name: offsite\n      s3: {bucket: mlops-backups}\n";

    private static readonly string Platform = ClusterPlans.Minimal.With("  encryption:", $"{Offsite}  encryption:");

    [Theory]
    [InlineData("postgres")]
    [InlineData("postgres.mlops")]
    [InlineData("postgres.mlops.svc")]
    [InlineData("postgres.mlops.svc.cluster.local")]
    [InlineData("postgres.mlops.svc.cluster.local.")]
    public void The_database_is_the_Service_of_the_target_by_its_whole_name(string host) =>
        Assert.Equal("postgres.dr-test.svc", Of(Platform.With("host: postgres", $"host: {host}")).Spec.Postgres!.Host);

    [Theory]
    [InlineData("postgres.dr-test.svc")]
    [InlineData("postgres.shared")]
    [InlineData("mlops.rds.amazonaws.com")]
    [InlineData("10.0.0.5")]
    [InlineData("mlops.example.com")]
    [InlineData("postgres.mlops.example.com")]
    public void A_database_that_is_not_the_platforms_own_Service_is_refused(string host)
    {
        var e = Refused(Platform.With("host: postgres", $"host: {host}"));

        Assert.Contains(host, e.Message, StringComparison.Ordinal);
        Assert.Contains("--to-database", e.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void The_target_is_never_the_source()
    {
        var e = Assert.Throws<UserError>(() => TargetPlan.Of(Installed(Platform), "mlops", null, null));

        Assert.Equal(ExitCode.Usage, e.Code);
        Assert.Contains("own namespace", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_the_target_needs_names_the_source_as_a_host()
    {
        var target = Of(Platform.With("host: postgres", "host: postgres.mlops.svc"));

        var agent = ClusterPlans.Data(ManifestRenderer.ForGuest(target.Plan, target.Options with { Source = "" }), "plan.yaml");

        Assert.DoesNotContain("mlops.svc", agent, StringComparison.Ordinal);
        Assert.Contains("host: postgres.dr-test.svc", agent, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_certificate_that_names_the_host_the_host_keeps_its_name() =>
        Assert.Equal("postgres", Of(Platform.With("    user: mlflow\n", "    user: mlflow\n    sslMode: verify-full\n    sslRootCertSecret: {name: ca, key: ca.crt}\n")).Spec.Postgres!.Host);

    [Fact]
    public void Only_repositories_that_the_target_can_reach_are_left()
    {
        Assert.Equal("offsite", Assert.Single(Of(Platform).Spec.Repositories).Name);

        var e = Refused(ClusterPlans.Minimal);
        Assert.Contains("repository local", e.Message, StringComparison.Ordinal);
        Assert.Contains("S3", e.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("s3://mlflow-artifacts")]
    [InlineData("s3://mlflow-artifacts/copy")]
    [InlineData("/elsewhere")]
    public void Artifacts_in_S3_are_not_written_over(string? to) =>
        Assert.Contains("s3://mlflow-artifacts/", Refused(ClusterPlans.S3, to).Message, StringComparison.Ordinal);

    [Fact]
    public void Artifacts_in_S3_may_go_to_a_bucket_of_their_own() =>
        Assert.Equal("dr-test", TargetPlan.Of(Installed(ClusterPlans.S3), "dr-test", null, "s3://drill/dr-test").Namespace);

    /// <summary>It is the target of every drill into the namespace that the plan has for them.</summary>
    [Fact]
    public void The_Jobs_of_a_drill_into_its_usual_namespace_can_load_their_plan()
    {
        var target = TargetPlan.Of(Installed(Platform), PlanDefaults.DrillNamespace, null, null);
        var map = ManifestRenderer.ForGuest(target.Plan, target.Options).Single(m => m.Kind == "ConfigMap").Yaml;

        var plan = YamlReading.ToJson(map)!["data"]!["plan.yaml"]!.GetValue<string>();

        Assert.Equal(PlanDefaults.DrillNamespace, PlanLoader.Parse(plan, "plan.yaml", "/").Metadata.Namespace);
    }

    /// <summary>All that was checked when it was begun: nobody has to say again where the artifacts went.</summary>
    [Fact]
    public void Who_goes_on_with_a_restore_names_the_namespace_alone()
    {
        var begun = TargetPlan.Begun(Installed(Platform.With("host: postgres", "host: mlops.rds.amazonaws.com")), "dr-test");

        Assert.Equal(("dr-test", "dr-test", null), (begun.Namespace, begun.Plan.Metadata.Namespace, begun.Spec.Postgres));
        Assert.Throws<UserError>(() => TargetPlan.Begun(Installed(Platform), "mlops"));
    }

    [Fact]
    public void The_source_is_not_changed()
    {
        var source = Installed(Platform);

        TargetPlan.Of(source, "dr-test", Component.Postgres, null);

        Assert.Equal("postgres", source.Spec.Postgres!.Host);
        Assert.Equal(2, source.Spec.Repositories.Count);
    }

    [Fact]
    public void The_Jobs_of_the_target_have_a_plan_of_their_own()
    {
        var target = Of(Platform);

        var job = ManifestRenderer.OnRequest(target.Plan, target.Options, AgentJobs.Restore(target.Spec, ["restore", "postgres"])).Yaml;

        Assert.Contains("name: mlopsbackup-restore\n", job, StringComparison.Ordinal);
        Assert.DoesNotContain("mlopsbackup-plan", job, StringComparison.Ordinal);
        Assert.Contains("namespace: dr-test", job, StringComparison.Ordinal);
        Assert.Equal(
            ["ServiceAccount restore-sa", "ConfigMap mlopsbackup-restore", "NetworkPolicy mlopsbackup-restore"],
            ManifestRenderer.ForGuest(target.Plan, target.Options).Select(m => $"{m.Kind} {m.Name}"));
    }

    private static InstalledPlan Installed(string yaml) => new(Plans.Load(yaml), yaml, "mlops", "1.2.3");

    private static InstalledPlan Of(string yaml) => TargetPlan.Of(Installed(yaml), "dr-test", null, null);

    private static UserError Refused(string yaml, string? to = null)
    {
        var e = Assert.Throws<UserError>(() => TargetPlan.Of(Installed(yaml), "dr-test", null, to));
        Assert.Equal(ExitCode.Usage, e.Code);
        return e;
    }
}
