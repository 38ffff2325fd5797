using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.UnitTests.Configuration;

/// <summary>Plans for tests: a small valid one, a full one, and a way to change a line.</summary>
internal static class Plans
{
    public const string Minimal = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform}
        spec:
          postgres:
            database: mlflow
            user: mlflow
          repositories:
            - name: local
              path: /backups
          encryption:
            passphraseFile: /secrets/passphrase
        """;

    public const string Full = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform, namespace: mlops}
        spec:
          timeZone: Europe/Berlin
          postgres:
            host: 127.0.0.1
            port: 5433
            database: mlflow
            user: mlflow
            passwordFile: secrets/pg
            sslMode: verify-full
            sslRootCert: ca.pem
            clientTools: /usr/lib/postgresql/16/bin
            schedule: "0 2 * * *"
          artifacts:
            s3:
              bucket: mlflow-artifacts
              prefix: prod/
              region: eu-central-1
              credentials: {accessKeyIdEnv: AWS_ACCESS_KEY_ID, secretAccessKeyEnv: AWS_SECRET_ACCESS_KEY, sessionTokenEnv: AWS_SESSION_TOKEN}
            exclude: ["**/.ipynb_checkpoints/**", "*.tmp"]
            schedule: "0 3 * * *"
          repositories:
            - name: local
              path: backups
              retention: {keepWithin: 7d}
            - name: s3
              s3:
                bucket: backups
                prefix: mlops
                endpoint: http://127.0.0.1:7480
                forcePathStyle: true
                checksums: whenSupported
                serverSideEncryption: aws:kms
                kmsKeyId: alias/backup
                storageClass: STANDARD_IA
                credentials: {file: aws/credentials, profile: backup}
              retention: {keepWithin: 90d, keepLast: 3, keepDaily: 7, keepWeekly: 4, keepMonthly: 6}
          encryption:
            passphraseEnv: BACKUP_PASSPHRASE
          compression: better
          recovery: {rpo: 24h, rto: 2h}
        """;

    public const string Folder = "/etc/plan";

    public static BackupPlan Load(string yaml) => PlanLoader.Parse(yaml, "plan.yaml", Folder);

    /// <summary>The plan with one piece of text replaced; fails if it is not there once.</summary>
    public static string With(this string yaml, string old, string replacement)
    {
        Assert.Equal(2, yaml.Split(old).Length);
        return yaml.Replace(old, replacement, StringComparison.Ordinal);
    }

    /// <summary>The message of the error that loading must give.</summary>
    public static string Refused(string yaml)
    {
        var error = Assert.Throws<UserError>(() => Load(yaml));
        Assert.Equal(ExitCode.Usage, error.Code);
        return error.Message;
    }
}
