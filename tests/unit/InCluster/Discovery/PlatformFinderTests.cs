using System.Text.Json;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster.Discovery;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.UnitTests.Configuration;

namespace KubectlMlopsBackup.UnitTests.InCluster.Discovery;

public sealed class PlatformFinderTests
{
    private const string Postgres =
        """{"metadata":{"name":"db"},"spec":{"template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[{"image":"docker.io/bitnami/postgresql:16.4.0","env":[{"name":"POSTGRES_USER","value":"tracker"},{"name":"POSTGRES_PASSWORD","valueFrom":{"secretKeyRef":{"name":"db-auth","key":"pw"}}},{"name":"POSTGRES_DB","value":"tracking"}]}]}}}}""";

    private const string Services =
        """[{"metadata":{"name":"db-hl"},"spec":{"clusterIP":"None","selector":{"app":"db"},"ports":[{"port":5432}]}},{"metadata":{"name":"db-svc"},"spec":{"clusterIP":"10.0.0.1","selector":{"app":"db"},"ports":[{"port":5432}]}}]""";

    private const string Claims =
        """[{"metadata":{"name":"files"},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"fast"}}]""";

    [Fact]
    public void Without_MLflow_PostgreSQLs_own_container_says_it_all()
    {
        var found = Find([("statefulset", Postgres)]).Database!;

        Assert.Equal("db-svc", found.Host.Value);
        Assert.Equal(("tracking", "tracker"), (found.Database.Value, found.User.Value));
        Assert.Equal(new SecretReference("db-auth", "pw"), found.Password.Value);
        Assert.Equal("16", found.Version);
    }

    [Theory]
    [InlineData("""["--backend-store-uri","postgresql://app:$(PW)@rds.example.com:6000/prod","--artifacts-destination","/data/mlruns"]""")]
    [InlineData("""["--backend-store-uri=postgresql+psycopg2://app:$(PW)@rds.example.com:6000/prod?sslmode=require","--default-artifact-root=file:///data/mlruns/"]""")]
    [InlineData("""["exec mlflow server --backend-store-uri 'postgres://app:${PW}@rds.example.com:6000/prod' --artifacts-destination /data/mlruns"]""")]
    public void What_MLflow_is_told_goes_before_everything_else(string args)
    {
        var found = Find([("statefulset", Postgres), ("deployment", Mlflow(args))]);

        Assert.Equal(("rds.example.com", 6000), (found.Database!.Host.Value, found.Database.Port));
        Assert.Equal(("prod", "app"), (found.Database.Database.Value, found.Database.User.Value));
        Assert.Equal(new SecretReference("s", "k"), found.Database.Password.Value);
        Assert.Equal(("files", "runs/mlruns", "/data/mlruns"), (found.Artifacts!.ClaimName, found.Artifacts.SubPath, found.Artifacts.MountPath));
        Assert.Equal("tracking-ui", found.AffinityLabels!.Value["app"]);
        Assert.Equal("fast", found.StorageClass!.Value);
    }

    [Fact]
    public void A_password_that_is_written_out_is_kept_nowhere()
    {
        var found = Find([("deployment", Mlflow("""["--backend-store-uri","postgresql://app:hunter2@db/prod"]"""))]);

        Assert.DoesNotContain("hunter2", found.ToString() + Plan(found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bucket_comes_with_its_endpoint_and_the_keys_of_its_Secret()
    {
        const string Env = """{"name":"MLFLOW_S3_ENDPOINT_URL","value":"http://minio:9000"},{"name":"AWS_ACCESS_KEY_ID","valueFrom":{"secretKeyRef":{"name":"m","key":"id"}}},{"name":"AWS_SECRET_ACCESS_KEY","valueFrom":{"secretKeyRef":{"name":"m","key":"sec"}}}""";

        var found = Find([("deployment", Mlflow("""["server","--artifacts-destination=s3://bucket/some/prefix"]""", Env))]).Artifacts!;

        Assert.Equal(("bucket", "some/prefix", "http://minio:9000"), (found.Bucket, found.Prefix, found.Endpoint));
        Assert.Equal(("m", "id", "sec"), found.Credentials);
    }

    [Fact]
    public void A_restore_stops_MLflow_last_and_whoever_shares_its_volume_or_Secret_and_never_the_database()
    {
        const string Trainer = """{"metadata":{"name":"trainer"},"spec":{"template":{"spec":{"containers":[{"image":"t"}],"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"files"}}]}}}}""";
        const string Jobs = """{"metadata":{"name":"jobs"},"spec":{"template":{"spec":{"containers":[{"image":"j","envFrom":[{"secretRef":{"name":"s"}}]}]}}}}""";
        const string Exporter = """{"metadata":{"name":"metrics"},"spec":{"template":{"spec":{"containers":[{"image":"postgres-exporter","envFrom":[{"secretRef":{"name":"s"}}]}]}}}}""";
        // A database in an image of the house's own: its port and its Service give it away.
        const string Odd = """{"metadata":{"name":"odd"},"spec":{"template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[{"image":"ours","envFrom":[{"secretRef":{"name":"s"}}]}]}}}}""";
        const string Other = """{"metadata":{"name":"other"},"spec":{"template":{"spec":{"containers":[{"image":"nginx"}]}}}}""";

        var found = Find([
            ("deployment", Mlflow("""["--backend-store-uri","postgresql://app:$(PW)@db-svc/prod","--artifacts-destination","/data/mlruns"]""")),
            ("statefulset", Trainer), ("deployment", Jobs), ("deployment", Exporter), ("statefulset", Odd), ("deployment", Other)]);

        Assert.Equal(["statefulset/trainer", "deployment/jobs", "deployment/tracking"], found.ScaleDown.Select(w => w.Value));
    }

    [Fact]
    public void CloudNativePG_is_known_by_its_labels()
    {
        const string Own = """[{"metadata":{"name":"pg-ro","labels":{"cnpg.io/cluster":"pg"}},"spec":{"ports":[{"port":5432}]}},{"metadata":{"name":"pg-rw","labels":{"cnpg.io/cluster":"pg"}},"spec":{"ports":[{"port":5432}]}}]""";

        var found = PlatformFinder.Find(Contents([], Own, "[]")).Database!;

        Assert.Equal("pg-rw", found.Host.Value);
        Assert.Equal(new SecretReference("pg-app", "password"), found.Password.Value);
    }

    [Fact]
    public void Nothing_is_found_in_nothing()
    {
        var found = PlatformFinder.Find(Contents([], "[]", "[]"));

        Assert.Null(found.Database);
        Assert.Null(found.Artifacts);
        Assert.Empty(found.ScaleDown);
    }

    [Fact]
    public void Whatever_the_names_are_the_text_is_a_plan_with_no_more_fields()
    {
        const string Hostile = """{"metadata":{"name":"mlflow"},"spec":{"template":{"metadata":{"labels":{"app":"a\": {x: y}\n  z: 1"}},"spec":{"containers":[{"image":"mlflow","command":["mlflow server"],"env":[{"name":"MLFLOW_BACKEND_STORE_URI","value":"postgresql://u\nx: 1:p@h/d\"\ny: {{z}}"}]}]}}}}""";

        var text = Plan(PlatformFinder.Find(Contents([("deployment", Hostile)], "[]", "[]")));

        Assert.DoesNotContain("\nx: 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\ny: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_what_was_found_can_be_installed()
    {
        var found = Find([("statefulset", Postgres), ("deployment", Mlflow("""["--backend-store-uri","postgresql://app:$(PW)@db-svc/prod","--artifacts-destination","/data/mlruns"]"""))]);

        var text = Plan(found);
        var plan = PlanLoader.Parse(text, "plan", "/");

        Assert.NotEmpty(ManifestRenderer.Render(plan, new ManifestOptions("plan", text, null, "1.0.0")));
        Assert.Equal(["deployment/tracking"], plan.Spec.Kubernetes!.ScaleDown);
        Assert.Equal("fast", plan.Spec.Repositories[0].Volume!.StorageClassName);
    }

    private static string Mlflow(string args, string env = """{"name":"PW","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}""") =>
        $$$$$"""{"metadata":{"name":"tracking"},"spec":{"template":{"metadata":{"labels":{"app":"tracking-ui","pod-template-hash":"1"}},"spec":{"containers":[{"image":"ghcr.io/mlflow/mlflow:v3","args":{{{{{args}}}}},"env":[{{{{{env}}}}}],"volumeMounts":[{"name":"v","mountPath":"/data","subPath":"runs"}]}],"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"files"}}]}}}}""";

    private static PlatformFound Find((string Kind, string Json)[] workloads) => PlatformFinder.Find(Contents(workloads, Services, Claims));

    private static NamespaceContents Contents((string Kind, string Json)[] workloads, string services, string claims) => new(
        [.. workloads.Select(w => new Workload(w.Kind, JsonSerializer.Deserialize(w.Json, ClusterJson.Default.TemplatedView)!))],
        [.. JsonDocument.Parse(services).RootElement.EnumerateArray().Select(s => s.Deserialize(ClusterJson.Default.ServiceView)!)],
        [.. JsonDocument.Parse(claims).RootElement.EnumerateArray().Select(c => c.Deserialize(ClusterJson.Default.VolumeClaimView)!)],
        new Dictionary<string, IReadOnlyList<string>>());

    [Fact]
    public void A_key_of_kms_is_written_into_the_plan_in_the_place_of_a_passphrase()
    {
        const string key = "arn:aws:kms:eu-central-1:111122223333:alias/backups";
        var text = ClusterPlanText.Render(
            Find([("statefulset", Postgres)]), new ClusterPlanOptions("p", "ns", [], new EncryptionSpec { Kms = new KmsSpec { KeyId = key } }, "1.0.0"));
        var encryption = Plans.Load(text).Spec.Encryption!;
        Assert.Equal(key, encryption.Kms?.KeyId);
        Assert.Null(encryption.PassphraseSecret);
    }

    private static string Plan(PlatformFound found) => ClusterPlanText.Render(found, new ClusterPlanOptions("p", "ns", [], new EncryptionSpec(), "1.0.0"));
}
