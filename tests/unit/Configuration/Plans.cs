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
            uris: ["file:///mlruns", "./mlruns"]
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

    /// <summary>Every field that is for the cluster, on a volume and in S3.</summary>
    public const string Cluster = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform, namespace: mlops-platform}
        spec:
          timeZone: Europe/Berlin
          postgres:
            host: postgres.db.svc
            port: 5433
            database: mlflow
            user: mlflow
            passwordSecret: {name: postgres, key: postgres-password}
            sslMode: verify-full
            sslRootCertSecret: {name: postgres-tls, key: ca.crt}
            clientTools: /opt/pg16/bin
            schedule: "30 1 * * *"
          artifacts:
            volume: {claimName: mlflow-artifacts, subPath: mlruns, mountPath: /mnt/mlflow}
            exclude: ["**/.ipynb_checkpoints/**"]
            schedule: "30 2 * * *"
          repositories:
            - name: local
              volume: {claimName: backups, size: 200Gi, storageClassName: fast-ssd}
            - name: elsewhere
              volume: {claimName: nfs-backups, create: false}
            - name: offsite
              s3:
                bucket: mlops-backups
                prefix: prod
                region: eu-central-1
                serverSideEncryption: aws:kms
                kmsKeyId: alias/backup
                setup:
                  noncurrentDays: 60
                  abortMultipartDays: 3
                  objectLock: {mode: compliance, days: 90}
                  replication:
                    bucket: backups-elsewhere
                    role: arn:aws:iam::123456789012:role/replication
                    storageClass: GLACIER_IR
                    kmsKeyId: arn:aws:kms:eu-west-1:123456789012:key/0000
          encryption:
            passphraseSecret: {name: backup-passphrase, key: passphrase}
          notifications:
            - {name: on-call, kind: slack, urlSecret: {name: slack-webhook, key: url}}
            - {name: pager, kind: webhook, when: always, port: 8443, urlSecret: {name: pager, key: url}, contentType: text/plain, template: a run has ended}
          monitoring:
            push:
              - {name: gateway, kind: pushgateway, url: "http://pushgateway.monitoring:9091"}
              - {name: cloud, kind: otlp, url: "https://otlp.example.com/otlp", headersSecret: {name: otlp, key: headers}}
          recovery:
            checks:
              - {name: pods, pods: {selector: "app=mlflow"}}
              - {name: api, timeout: 5s, deadline: 2m, http: {service: churn-api, port: 8000, path: /health, status: 200, contains: ok, jsonField: status, jsonValue: ok}}
              - {name: elsewhere, http: {url: "https://status.example.com/health"}}
              - {name: experiments, sql: {query: SELECT count(*) FROM experiments, minimum: 1}}
              - {name: version, sql: {query: SELECT version_num FROM alembic_version, value: "1b2c"}}
              - {name: rows, rows: {mayLack: 5}}
              - {name: artifacts, artifacts: {sample: 500}}
              - {name: registry, mlflow: {service: mlflow-server, models: 50, credentials: {secret: {name: mlflow-auth, passwordKey: pw}}}}
              - {name: metrics, prometheus: {service: prometheus, query: "up == 1"}}
          kubernetes:
            image: registry.example.com/mlops/kubectl-mlopsbackup-agent:1.2.3
            imagePullPolicy: Always
            imagePullSecrets: [registry-login]
            serviceAccountAnnotations:
              backup: {eks.amazonaws.com/role-arn: "arn:aws:iam::123456789012:role/mlops-backup"}
              restore: {eks.amazonaws.com/role-arn: "arn:aws:iam::123456789012:role/mlops-restore"}
              prune: {eks.amazonaws.com/role-arn: "arn:aws:iam::123456789012:role/mlops-prune"}
            labels: {team: ml, cost-centre: "0042"}
            annotations: {example.com/owner: "ml team: platform"}
            nodeSelector: {kubernetes.io/arch: amd64}
            affinityLabels: {app: mlflow-server}
            scaleDown: [deployment/mlflow-server, statefulset/trainer]
            tolerations:
              - {key: dedicated, operator: Equal, value: backup, effect: NoSchedule}
              - {operator: Exists, effect: NoExecute, tolerationSeconds: 60}
            priorityClassName: batch
            resources:
              requests: {cpu: 500m, memory: 512Mi}
              limits: {cpu: "2", memory: 2Gi}
            scratchSize: 5Gi
            podSecurity: {runAsUser: 1000, runAsGroup: 1000, fsGroup: 2000}
            networkPolicy: true
            activeDeadline: {postgres: 2h, artifacts: 12h, verify: 8h}
            verifySchedule: "0 5 * * 6"
            pruneSchedule: "0 6 * * *"
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
