using System.Text;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.Sources.ClusterConfig.Restore;
using static KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Objects;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Restore;

public sealed class ConfigRewriterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);
    private static readonly ConfigRestoreOptions Moved = new() { Namespaces = new Dictionary<string, string> { ["mlops"] = "dr" } };
    private static readonly ConfigObject Postgres = Named("v1", "Service", "mlops", "postgres", "{}");

    [Fact]
    public void Without_options_nothing_changes()
    {
        var one = Named("apps/v1", "Deployment", "mlops", "a", """{"replicas":2}""");

        var rewritten = Rewrite(new ConfigRestoreOptions(), one);

        Assert.True(JsonNode.DeepEquals(one.Body, Assert.Single(rewritten.Objects).Body));
        Assert.Empty(rewritten.Review);
    }

    [Fact]
    public void Everything_that_names_the_namespace_is_moved()
    {
        Same(
            """
            {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a","namespace":"dr"},"spec":{
              "podSelector":{"matchLabels":{"namespace":"mlops"}},
              "ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"dr"}}},
                {"namespaceSelector":{"matchExpressions":[{"key":"kubernetes.io/metadata.name","operator":"In","values":["dr","other"]}]}}]}]}}
            """,
            One(Of(
                """
                {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a","namespace":"mlops"},"spec":{
                  "podSelector":{"matchLabels":{"namespace":"mlops"}},
                  "ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"mlops"}}},
                    {"namespaceSelector":{"matchExpressions":[{"key":"kubernetes.io/metadata.name","operator":"In","values":["mlops","other"]}]}}]}]}}
                """)).Body);
        Same(
            """{"apiVersion":"monitoring.coreos.com/v1","kind":"ServiceMonitor","metadata":{"name":"a","namespace":"dr"},"spec":{"namespaceSelector":{"matchNames":["dr"]},"ref":{"namespace":"dr"}}}""",
            One(Of("""{"apiVersion":"monitoring.coreos.com/v1","kind":"ServiceMonitor","metadata":{"name":"a","namespace":"mlops"},"spec":{"namespaceSelector":{"matchNames":["mlops"]},"ref":{"namespace":"mlops"}}}""")).Body);
        Same(
            """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"a","namespace":"dr"},"subjects":[{"kind":"ServiceAccount","name":"s","namespace":"dr"},{"kind":"ServiceAccount","name":"s","namespace":"other"},{"kind":"Group","name":"system:serviceaccounts:dr"}]}""",
            One(Of("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"a","namespace":"mlops"},"subjects":[{"kind":"ServiceAccount","name":"s","namespace":"mlops"},{"kind":"ServiceAccount","name":"s","namespace":"other"},{"kind":"Group","name":"system:serviceaccounts:mlops"}]}""")).Body);
        Assert.Equal("dr", One(Named("v1", "Namespace", null, "mlops")).Key.Name);
    }

    [Fact]
    public void A_config_map_is_its_authors_own() => Same(
        """{"namespace":"mlops","x":"a.mlops.svc"}""",
        One(Of("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"mlops"},"data":{"namespace":"mlops","x":"a.mlops.svc"}}""")).Body["data"]);

    [Fact]
    public void A_cluster_role_binding_gets_a_twin_for_the_new_accounts_only() => Same(
        """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"a-dr"},"roleRef":{"kind":"ClusterRole","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"s","namespace":"dr"},{"kind":"User","name":"system:serviceaccount:dr:x"}]}""",
        One(Of("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"a"},"roleRef":{"kind":"ClusterRole","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"s","namespace":"mlops"},{"kind":"User","name":"root"},{"kind":"User","name":"system:serviceaccount:mlops:x"},{"kind":"ServiceAccount","name":"s","namespace":"kube-system"}]}""")).Body);

    [Fact]
    public void A_webhook_gets_a_twin_that_sees_the_new_namespace_only()
    {
        var twin = One(Of(
            """
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"hook"},"webhooks":[
              {"name":"a.x.io","clientConfig":{"service":{"name":"s","namespace":"mlops"}},"rules":[{"resources":["*"],"scope":"*"}]},
              {"name":"b.x.io","clientConfig":{"service":{"name":"s","namespace":"other"}}},{"name":"c.x.io","clientConfig":{"url":"https://x"}}]}
            """));

        Assert.Equal("hook-dr", twin.Key.Name);
        Same(
            """[{"name":"a.x.io","clientConfig":{"service":{"name":"s","namespace":"dr"}},"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"dr"}},"rules":[{"resources":["*"],"scope":"Namespaced"}]}]""",
            twin.Body["webhooks"]);
    }

    [Fact]
    public void Nothing_reaches_a_namespace_that_is_not_named()
    {
        var rewritten = Rewrite(Moved, Named("v1", "ConfigMap", "kube-system", "a"), Named("v1", "Namespace", null, "kube-system"), Named("v1", "ConfigMap", "mlops", "b"));

        Assert.Equal("dr", Assert.Single(rewritten.Objects).Key.Namespace);
        Assert.Equal(2, rewritten.Skipped.Count);
    }

    [Fact]
    public void Objects_of_the_whole_cluster_that_no_backup_holds_are_left_out()
    {
        ConfigObject[] planted =
        [
            Named("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", null, "a"), Named("apiregistration.k8s.io/v1", "APIService", null, "v1.a.io"),
            Named("v1", "PersistentVolume", null, "a"), Named("example.com/v1", "ClusterThing", null, "a"),
        ];

        Assert.Empty(Rewrite(new ConfigRestoreOptions(), planted).Objects);
        Assert.Equal(planted.Length, Rewrite(Moved, planted).Skipped.Count);
    }

    [Fact]
    public void Own_schedules_do_not_run_twice()
    {
        var own = Of("""{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"postgres-backup","namespace":"mlops","labels":{"app.kubernetes.io/name":"mlopsbackup","app.kubernetes.io/managed-by":"kubectl-mlopsbackup"}}}""");

        Assert.Single(Rewrite(Moved, own).Skipped);
        Assert.Empty(Rewrite(new ConfigRestoreOptions(), own).Skipped);
        Assert.Empty(Rewrite(Moved with { Own = true }, own).Skipped);
    }

    [Fact]
    public void Names_of_services_in_texts_are_listed_and_rewritten_on_request()
    {
        ConfigObject[] objects =
        [
            Postgres,
            Of("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","namespace":"mlops"},"spec":{"template":{"spec":{"containers":[{"name":"c","args":["--db=postgres.mlops:5432"],"env":[{"name":"U","value":"http://x.mlops.svc/"}]}]}}}}"""),
            Of($$$"""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"mlops"},"data":{"dsn":"{{{Base64("postgres://u:hunter2@postgres.mlops/db")}}}","binary":"/w=="}}"""),
        ];

        var listed = Rewrite(Moved, objects);
        var rewritten = Rewrite(Moved with { RewriteDns = true }, objects);

        Assert.Equal(
            ["spec.template.spec.containers[0].args[0]", "spec.template.spec.containers[0].env[0].value", "data.dsn"], listed.Review.Select(n => n.Field));
        Assert.All(listed.Review, n => Assert.Equal("dr", n.Namespace));
        Assert.DoesNotContain(listed.Review.Concat(rewritten.Review), n => n.What.Contains("hunter2", StringComparison.Ordinal));
        Same("""["--db=postgres.mlops:5432"]""", Container(listed)["args"]);
        Same("""["--db=postgres.dr:5432"]""", Container(rewritten)["args"]);
        Assert.Equal(Base64("postgres://u:hunter2@postgres.dr/db"), rewritten.Objects[2].Body["data"]!["dsn"]!.GetValue<string>());
        Assert.Equal("/w==", rewritten.Objects[2].Body["data"]!["binary"]!.GetValue<string>());

        static JsonNode Container(RewrittenConfig config) => config.Objects[1].Body["spec"]!["template"]!["spec"]!["containers"]![0]!;
    }

    [Fact]
    public void What_is_reached_from_outside_is_not_taken_from_the_original()
    {
        var rewritten = Rewrite(
            Moved,
            Named("v1", "Service", "mlops", "lb", """{"type":"LoadBalancer","loadBalancerIP":"1.2.3.4","externalIPs":["5.6.7.8"],"ports":[{"port":80,"nodePort":30080}]}"""),
            Named("networking.k8s.io/v1", "Ingress", "mlops", "i", """{"rules":[{"host":"mlflow.example.com"}]}"""));

        Same("""{"type":"LoadBalancer","ports":[{"port":80}]}""", rewritten.Objects[0].Body["spec"]);
        Assert.Equal(["spec.externalIPs", "spec.loadBalancerIP", "spec.ports.nodePort", "spec.type", "host"], rewritten.Review.Select(n => n.Field));
    }

    [Fact]
    public void Storage_classes_and_images_are_mapped()
    {
        var options = new ConfigRestoreOptions
        {
            StorageClasses = new Dictionary<string, string> { ["gp3"] = "standard", ["slow"] = "" },
            Images = new Dictionary<string, string> { ["old.io/ml"] = "new.io/x", ["old.io/ml/api"] = "api.io/api", ["postgres"] = "mirror.io/postgres" },
        };

        var rewritten = Rewrite(
            options,
            Named("v1", "PersistentVolumeClaim", "mlops", "a", """{"storageClassName":"gp3"}"""),
            Named("v1", "PersistentVolumeClaim", "mlops", "b", """{"storageClassName":"slow"}"""),
            Named("apps/v1", "StatefulSet", "mlops", "c", """{"volumeClaimTemplates":[{"metadata":{"name":"d"},"spec":{"storageClassName":"gp3"}}],"template":{"spec":{"initContainers":[{"image":"old.io/ml/api@sha256:0"}],"containers":[{"image":"old.io/ml/server:1"},{"image":"old.io/mlx:1"},{"image":"postgres:15"}]}}}"""),
            Named("postgresql.cnpg.io/v1", "Cluster", "mlops", "d", """{"imageName":"postgres:16","storage":{"storageClass":"gp3"}}"""),
            Named("storage.k8s.io/v1", "StorageClass", null, "gp3"));

        Same("""{"storageClassName":"standard"}""", rewritten.Objects[0].Body["spec"]);
        Same("{}", rewritten.Objects[1].Body["spec"]);
        Same(
            """{"volumeClaimTemplates":[{"metadata":{"name":"d"},"spec":{"storageClassName":"standard"}}],"template":{"spec":{"initContainers":[{"image":"api.io/api@sha256:0"}],"containers":[{"image":"new.io/x/server:1"},{"image":"old.io/mlx:1"},{"image":"mirror.io/postgres:15"}]}}}""",
            rewritten.Objects[2].Body["spec"]);
        Same("""{"imageName":"mirror.io/postgres:16","storage":{"storageClass":"standard"}}""", rewritten.Objects[3].Body["spec"]);
        Assert.Equal("gp3", Assert.Single(rewritten.Skipped).Object.Key.Name);
    }

    [Fact]
    public void What_refers_to_the_old_cluster_goes_and_labels_come() => Same(
        """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"mlops","labels":{"drill":"1"}}}""",
        Assert.Single(Rewrite(
            new ConfigRestoreOptions { Labels = new Dictionary<string, string> { ["drill"] = "1" } },
            Of("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"mlops","uid":"u","resourceVersion":"1","ownerReferences":[{"uid":"u"}]}}""")).Objects).Body);

    [Theory]
    [InlineData("apps/v1", "Deployment", """{"replicas":3}""", """{"replicas":0}""", "3")]
    [InlineData("apps/v1", "StatefulSet", "{}", """{"replicas":0}""", "1")]
    [InlineData("apps/v1", "Deployment", """{"replicas":0}""", """{"replicas":0}""", null)]
    [InlineData("batch/v1", "CronJob", """{"schedule":"* * * * *"}""", """{"schedule":"* * * * *","suspend":true}""", "1")]
    [InlineData("batch/v1", "CronJob", """{"suspend":true}""", """{"suspend":true}""", null)]
    [InlineData("apps/v1", "DaemonSet", "{}", """{"template":{"spec":{"nodeSelector":{"mlopsbackup.io/held":"true"}}}}""", "1")]
    [InlineData("v1", "Pod", "{}", """{"schedulingGates":[{"name":"mlopsbackup.io/held"}]}""", "1")]
    [InlineData("v1", "Service", "{}", "{}", null)]
    public void A_workload_that_is_held_remembers_how_it_was(string apiVersion, string kind, string spec, string held, string? before)
    {
        var one = Named(apiVersion, kind, "mlops", "a", spec);

        var rewritten = Assert.Single(Rewrite(new ConfigRestoreOptions { HoldWorkloads = true }, one).Objects);

        Same(held, rewritten.Body["spec"]);
        Assert.Equal(before, rewritten.Annotation("mlopsbackup.io/replicas-before"));
        Assert.Equal(before is null ? null : "2026-11-26T00:00:00Z", rewritten.Annotation("mlopsbackup.io/stopped-at"));

        var undone = rewritten.Copy();
        WorkloadHold.Undo(one.Key, undone);
        Assert.Null(undone["metadata"]!["annotations"]);
        Assert.Equal(before is null || kind is "Deployment" ? spec : null, before is null || kind is "Deployment" ? undone["spec"]!.ToJsonString() : null);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static ConfigObject One(ConfigObject one) => Assert.Single(Rewrite(Moved, one).Objects);

    private static RewrittenConfig Rewrite(ConfigRestoreOptions options, params ConfigObject[] objects) => new ConfigRewriter(options, objects, Now).Rewrite();
}
