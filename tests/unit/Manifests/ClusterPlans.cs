using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.UnitTests.Configuration;

namespace KubectlMlopsBackup.UnitTests.Manifests;

/// <summary>Plans for the cluster; the full one is <see cref="Plans.Cluster"/>.</summary>
internal static class ClusterPlans
{
    public const string Minimal = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform, namespace: mlops-platform}
        spec:
          postgres:
            host: postgres
            database: mlflow
            user: mlflow
            passwordSecret: {name: postgres, key: postgres-password}
          repositories:
            - name: local
              volume: {}
          encryption:
            passphraseSecret: {name: backup-passphrase, key: passphrase}
        """;

    public const string S3 = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform}
        spec:
          artifacts:
            s3:
              bucket: mlflow-artifacts
              endpoint: http://minio.storage.svc:9000
              credentials: {secret: {name: minio, accessKeyIdKey: user, secretAccessKeyKey: password}}
          repositories:
            - name: offsite
              s3:
                bucket: mlops-backups
                endpoint: https://s3.example.com
                credentials: {secret: {name: backup-keys, accessKeyIdKey: id, secretAccessKeyKey: secret, sessionTokenKey: token}}
          encryption:
            none: true
        """;

    /// <summary>No passphrase anywhere: the key is with AWS, and the pods have a role.</summary>
    public const string Kms = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform}
        spec:
          postgres:
            host: postgres
            database: mlflow
            user: mlflow
            passwordSecret: {name: postgres, key: postgres-password}
          repositories:
            - name: local
              volume: {}
          encryption:
            kms: {keyId: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}
        """;

    public const string Parallel = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform}
        spec:
          artifacts:
            parallelism: 3
            volume: {claimName: mlflow-artifacts}
          repositories:
            - name: shared
              volume: {accessMode: ReadWriteMany}
          encryption:
            passphraseSecret: {name: backup-passphrase, key: passphrase}
        """;

    public const string Config = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform}
        spec:
          config: {namespaces: [mlops, monitoring], schedule: "30 3 * * *"}
          repositories:
            - name: local
              volume: {}
          encryption:
            passphraseSecret: {name: backup-passphrase, key: passphrase}
        """;

    public const string Drill = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform}
        spec:
          postgres:
            host: postgres
            database: mlflow
            user: mlflow
            passwordSecret: {name: postgres, key: postgres-password}
          config: {schedule: "30 3 * * *"}
          repositories:
            - name: offsite
              s3: {bucket: mlops-backups, region: eu-central-1}
          encryption:
            passphraseSecret: {name: backup-passphrase, key: passphrase}
          recovery:
            drill: {schedule: "0 6 1 1,4,7,10 *"}
        """;

    public static IReadOnlyList<Manifest> Render(string yaml, string? ns = "mlops") =>
        ManifestRenderer.Render(Plans.Load(yaml), new ManifestOptions("plan.yaml", yaml, ns, "1.2.3"));

    public static UserError Refused(string yaml, string? ns = "mlops") => Assert.Throws<UserError>(() => Render(yaml, ns));

    /// <summary>The agent's plan, as it would load there.</summary>
    public static BackupPlan Agent(IReadOnlyList<Manifest> manifests) =>
        PlanLoader.Parse(Data(manifests, "plan.yaml"), "plan.yaml", "/etc/mlopsbackup");

    public static string Data(IReadOnlyList<Manifest> manifests, string key) =>
        (string)YamlReading.ToJson(manifests.Single(m => m.Kind == "ConfigMap").Yaml)!["data"]![key]!;
}
