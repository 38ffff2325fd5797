using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.UnitTests.Configuration;

public sealed class PlanValidatorTests
{
    // What replaces what in the minimal plan, and what the error must say.
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "mlopsbackup.io/v1", "mlopsbackup.io/v2", "apiVersion: got \"mlopsbackup.io/v2\"; wants mlopsbackup.io/v1" },
        { "kind: BackupPlan", "kind: CronJob", "kind: got \"CronJob\"; wants BackupPlan" },
        { "apiVersion: mlopsbackup.io/v1\n", "", "apiVersion: is missing" },
        { "metadata: {name: mlops-platform}\n", "", "metadata.name: is missing" },
        { "{name: mlops-platform}", "{name: -x}", "metadata.name: got \"-x\"; wants a DNS label" },
        { "{name: mlops-platform}", "{name: x, namespace: A.B}", "metadata.namespace: got \"A.B\"" },
        { "{name: mlops-platform}", "{name: \"x\\n\"}", "metadata.name: got \"x\uFFFD\"" },
        { "database: mlflow", "database:", "spec.postgres.database: is missing" },
        { "database: mlflow", "database: \"host=db password=hunter2\"", "spec.postgres.database: got a connection string" },
        { "database: mlflow", "database: postgres://u:hunter2@db/x", "spec.postgres.database: got a connection string" },
        { "user: mlflow", "user: " + new string('u', 64).ToLowerInvariant(), "spec.postgres.user: got" },
        { "user: mlflow", "user: x\n    host: \"a b\"", "spec.postgres.host: got \"a b\"" },
        { "user: mlflow", "user: x\n    port: 65536", "spec.postgres.port: got \"65536\"; wants a port from 1 to 65535" },
        { "user: mlflow", "user: x\n    sslMode: on", "spec.postgres.sslMode: got \"on\"; wants one of disable, allow" },
        { "user: mlflow", "user: x\n    passwordFile: a\n    passwordEnv: B", "spec.postgres.passwordEnv: is set beside passwordFile" },
        { "user: mlflow", "user: x\n    passwordFile: \"\"", "spec.postgres.passwordFile: got \"\"" },
        { "user: mlflow", "user: x\n    passwordEnv: hunter2!", "spec.postgres.passwordEnv: got something that is no variable's name" },
        { "user: mlflow", "user: x\n  timeZone: Mars/Olympus", "spec.timeZone: got \"Mars/Olympus\"; wants an IANA time zone" },
        { "user: mlflow", "user: x\n  timeZone: ../../etc/passwd", "spec.timeZone: got" },
        { "user: mlflow", "user: x\n  compression: zip", "spec.compression: got \"zip\"; wants one of none, fast" },
        { "user: mlflow", "user: x\n  recovery: {rpo: soon}", "spec.recovery.rpo: got \"soon\"; wants a duration" },
        { "user: mlflow", "user: x\n  recovery: {rto: 0h}", "spec.recovery.rto: got \"0h\"" },
        { "user: mlflow", "user: x\n  recovery: {rto: 99999d}", "at most 36500d" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a}]}", "spec.recovery.checks[0]: says not what is checked" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, rows: {}, pods: {}}]}", "spec.recovery.checks[0]: has pods and rows; wants exactly one" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{rows: {}}]}", "spec.recovery.checks[0].name: is missing" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, timeout: soon, rows: {}}]}", "spec.recovery.checks[0].timeout: got" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, http: {}}]}", "spec.recovery.checks[0].http: wants exactly one of url and service" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, http: {service: a.b}}]}", "spec.recovery.checks[0].http.service: got" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, http: {service: a, status: 99}}]}", "spec.recovery.checks[0].http.status: got" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, http: {service: a, path: //evil.example.com/}}]}", "spec.recovery.checks[0].http.path: got" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, sql: {query: SELECT 1}}]}", "spec.recovery.checks[0].sql: wants exactly one of value and minimum" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, sql: {minimum: 1}}]}", "spec.recovery.checks[0].sql.query: is missing" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, rows: {mayLack: 101}}]}", "spec.recovery.checks[0].rows.mayLack: got" },
        { "user: mlflow", "user: x\n  notifications: [{name: a, kind: pager, urlEnv: A}]", "spec.notifications[0].kind: got" },
        { "user: mlflow", "user: x\n  monitoring: {push: [{name: a, kind: graphite, url: \"http://a\"}]}", "spec.monitoring.push[0].kind: got" },
        { "user: mlflow", "user: x\n  monitoring: {push: [{name: a, kind: otlp, url: \"http://u:hunter2@a\"}]}", "spec.monitoring.push[0].url: is no http or https URL without user" },
        { "user: mlflow", "user: x\n  monitoring: {push: [{name: a, kind: otlp, url: \"a:9091\"}]}", "spec.monitoring.push[0].url: is no http or https URL" },
        { "user: mlflow", "user: x\n  monitoring: {push: [{name: a, kind: otlp, url: \"http://a\"}, {name: a, kind: otlp, url: \"http://b\"}]}", "spec.monitoring.push[1].name: got" },
        { "user: mlflow", "user: x\n  monitoring: {push: [{name: a, kind: otlp, url: \"http://a\", headersFile: b, headersEnv: C}]}", "spec.monitoring.push[0]: wants at most one of headersSecret" },
        { "user: mlflow", "user: x\n  monitoring: {runbookUrl: docs/troubleshooting.md}", "spec.monitoring.runbookUrl: got" },
        { "user: mlflow", "user: x\n  notifications: [{name: a, kind: slack}]", "spec.notifications[0]: wants exactly one of urlSecret, urlFile and urlEnv" },
        { "user: mlflow", "user: x\n  notifications: [{name: a, kind: slack, urlEnv: A, urlFile: b}]", "spec.notifications[0]: wants exactly one of urlSecret" },
        { "user: mlflow", "user: x\n  notifications: [{name: a, kind: slack, urlEnv: A, when: never}]", "spec.notifications[0].when: got" },
        { "user: mlflow", "user: x\n  notifications: [{name: a, kind: slack, urlEnv: A, port: 0}]", "spec.notifications[0].port: got" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, rows: {}}, {name: a, rows: {}}]}", "spec.recovery.checks[1].name: got" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, http: {url: \"http://u:hunter2@x/\"}}]}", "spec.recovery.checks[0].http.url: is no http or https URL without user" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, http: {service: a, jsonValue: b}}]}", "spec.recovery.checks[0].http.jsonValue: is set without jsonField" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, http: {service: a, credentials: {usernameFile: x}}}]}", "spec.recovery.checks[0].http.credentials: wants secret, or both" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, artifacts: {}}]}", "spec.recovery.checks[0].artifacts: needs spec.artifacts" },
        { "user: mlflow", "user: x\n  notifications: [{name: a, kind: slack, urlEnv: A, template: x}]", "spec.notifications[0].template: is for kind: webhook" },
        { "user: mlflow", "user: x\n  notifications: [{name: a, kind: webhook, urlEnv: A, template: \"{{ if }}\"}]", "spec.notifications[0].template: cannot be read" },
        { "user: mlflow", "user: x\n  recovery: {drill: {artifacts: {bucket: abc, prefix: d}}}", "spec.recovery.drill.artifacts: is for artifacts in S3" },
        { "user: mlflow", "user: x\n  artifacts: {s3: {bucket: abc, prefix: p}}\n  recovery: {drill: {artifacts: {bucket: abc, prefix: p}}}", "spec.recovery.drill.artifacts.s3: is the same place as spec.artifacts.s3" },
        { "user: mlflow", "user: x\n  artifacts: {s3: {bucket: abc, prefix: p}}\n  recovery: {drill: {artifacts: {bucket: abc, prefix: p/drills}}}", "spec.recovery.drill.artifacts.s3: lies inside spec.artifacts.s3" },
        { "user: mlflow", "user: x\n  artifacts: {s3: {bucket: abc, prefix: p/mlflow}}\n  recovery: {drill: {artifacts: {bucket: abc, prefix: p}}}", "spec.recovery.drill.artifacts.s3: lies around spec.artifacts.s3" },
        { "user: mlflow", "user: x\n  artifacts: {s3: {bucket: abc, prefix: p}}\n  recovery: {drill: {artifacts: {bucket: abd}}}", "spec.recovery.drill.artifacts.prefix: is missing" },
        { "user: mlflow", "user: x\n  artifacts: {s3: {bucket: abc, prefix: p}}\n  recovery: {drill: {artifacts: {bucket: abd, prefix: ../d}}}", "spec.recovery.drill.artifacts.prefix: got" },
        { "user: mlflow", "user: x\n  recovery: {checks: [{name: a, consistency: {mayMiss: -1}}]}", "spec.recovery.checks[0].consistency.mayMiss: got" },
        { "user: mlflow", "user: x\n  recovery: {hooks: [{name: a, command: [x]}]}", "spec.recovery.hooks[0]: wants exactly one of before and after" },
        { "user: mlflow", "user: x\n  recovery: {hooks: [{name: a, before: mlflow, after: mlflow, command: [x]}]}", "spec.recovery.hooks[0]: wants exactly one" },
        { "user: mlflow", "user: x\n  recovery: {hooks: [{name: a, after: lunch, command: [x]}]}", "spec.recovery.hooks[0].after: got \"lunch\"; wants one of namespace" },
        { "user: mlflow", "user: x\n  recovery: {hooks: [{name: a, after: pause, command: [x], drill: true}]}", "spec.recovery.hooks[0].drill: is for steps that a drill has, and not for after pause" },
        { "user: mlflow", "user: x\n  recovery: {hooks: [{name: a, before: namespace, command: [x], drill: true}]}", "spec.recovery.hooks[0].drill: is for steps that a drill has, and not for before namespace" },
        { "user: mlflow", "user: x\n  recovery: {hooks: [{name: a, after: mlflow}]}", "spec.recovery.hooks[0].command: is missing" },
        { "user: mlflow", "user: x\n  recovery: {hooks: [{name: a, after: mlflow, command: [\"\"]}]}", "spec.recovery.hooks[0].command[0]: got" },
        { "user: mlflow", "user: x\n  recovery: {hooks: [{name: a b, after: mlflow, command: [x]}]}", "spec.recovery.hooks[0].name: got" },
        { "user: mlflow", "user: x\n  recovery: {hooks: [{name: a, after: mlflow, command: [x], timeout: soon}]}", "spec.recovery.hooks[0].timeout: got" },
        { "user: mlflow", "user: x\n  recovery: {hooks: [{name: a, after: mlflow, command: [x]}, {name: a, after: checks, command: [y]}]}", "spec.recovery.hooks[1].name: got" },
        { "user: mlflow", "user: x\n  artifacts: {}", "spec.artifacts.path: is missing" },
        { "user: mlflow", "user: x\n  artifacts: {path: /a, s3: {bucket: abc}}", "spec.artifacts.s3: is set beside path" },
        { "user: mlflow", "user: x\n  artifacts: {path: /a, parallelism: 0}", "spec.artifacts.parallelism: got \"0\"; wants a number from 1 to 64" },
        { "user: mlflow", "user: x\n  artifacts: {path: /a, parallelism: 65}", "spec.artifacts.parallelism: got \"65\"" },
        { "path: /backups", "volume: {accessMode: ReadWriteOncePod}", "spec.repositories[0].volume.accessMode: got \"ReadWriteOncePod\"; wants one of ReadWriteOnce, ReadWriteMany" },
        { "user: mlflow", "user: x\n  artifacts: {path: /a, uris: [\"file:///mlruns\", mlruns]}", "spec.artifacts.uris[1]: got \"mlruns\"" },
        { "user: mlflow", "user: x\n  artifacts: {path: /a, uris: [\"s3://\"]}", "spec.artifacts.uris[0]: got \"s3://\"" },
        { "user: mlflow", "user: x\n  artifacts: {path: /a, exclude: [/b]}", "spec.artifacts.exclude[0]: got \"/b\"" },
        { "user: mlflow", "user: x\n  artifacts: {path: /a, exclude: [b, ../c]}", "spec.artifacts.exclude[1]: got \"../c\"" },
        { "user: mlflow", "user: x\n  artifacts: {path: /a, exclude: [\"**\"]}", "this one excludes everything" },
        { "  postgres:\n    database: mlflow\n    user: mlflow\n", "", "spec: has nothing to back up" },
        { "    - name: local\n      path: /backups", "    []", "spec.repositories: is missing; wants at least one" },
        { "name: local", "name: Local", "spec.repositories[0].name: got \"Local\"" },
        { "path: /backups", "path:", "spec.repositories[0].path: is missing" },
        { "path: /backups", "path: /b\n      s3: {bucket: abc}", "spec.repositories[0].s3: is set beside path" },
        { "path: /backups", "path: /b\n    - name: local\n      path: /c", "spec.repositories[1].name: got \"local\"; wants a name of its own: spec.repositories[0]" },
        { "path: /backups", "path: /b\n    - name: x\n      path: /b/", "spec.repositories[1].path: is the same place as spec.repositories[0].path" },
        { "path: /backups", "path: /b\n    - name: x\n      path: /b/c", "spec.repositories[1].path: lies inside spec.repositories[0].path" },
        { "user: mlflow", "user: x\n  artifacts: {path: /backups/data}", "spec.repositories[0].path: lies around spec.artifacts.path" },
        { "user: mlflow", "user: x\n  artifacts: {path: /}", "spec.repositories[0].path: lies inside spec.artifacts.path" },
        { "path: /backups", "path: /b\n      retention: {}", "spec.repositories[0].retention: keeps nothing" },
        { "path: /backups", "path: /b\n      retention: {keepLast: 0, keepDaily: 0}", "spec.repositories[0].retention: keeps nothing" },
        { "path: /backups", "path: /b\n      retention: {keepLast: -1}", "spec.repositories[0].retention.keepLast: got \"-1\"" },
        { "path: /backups", "path: /b\n      retention: {keepWithin: 7x}", "spec.repositories[0].retention.keepWithin: got \"7x\"; wants a duration" },
        { "path: /backups", "path: /b\n      retention: {keepWithin: 23h}", "spec.repositories[0].retention.keepWithin: got \"23h\"; wants at least spec.recovery.rpo" },
        { "  encryption:\n    passphraseFile: /secrets/passphrase", "", "spec.encryption: is missing; wants exactly one of passphraseFile" },
        { "passphraseFile: /secrets/passphrase", "kms: {}", "spec.encryption.kms.keyId: is missing" },
        { "passphraseFile: /secrets/passphrase", "kms: {keyId: backups, region: eu-central-1}", "spec.encryption.kms.keyId: got \"backups\"; wants a key of AWS KMS" },
        { "passphraseFile: /secrets/passphrase", "kms: {keyId: alias/backups}", "spec.encryption.kms.region: is missing" },
        { "passphraseFile: /secrets/passphrase", "kms: {keyId: alias/backups, region: \"a b\"}", "spec.encryption.kms.region: got \"a b\"" },
        { "passphraseFile: /secrets/passphrase", "kms: {keyId: \"arn:aws:kms:eu-central-1:111122223333:alias/b\", region: eu-west-1}", "spec.encryption.kms.region: got \"eu-west-1\"; wants eu-central-1" },
        { "passphraseFile: /secrets/passphrase", "kms: {keyId: alias/b, region: eu-west-1, endpoint: ftp}", "spec.encryption.kms.endpoint: got \"ftp\"" },
        { "passphraseFile: /secrets/passphrase", "kms: {keyId: alias/b, region: eu-west-1, credentials: {}}", "spec.encryption.kms.credentials: is empty" },
        { "passphraseFile: /secrets/passphrase", "kms: {keyId: alias/b, region: eu-west-1}\n    passphraseEnv: X", "spec.encryption: got passphraseEnv and kms" },
        { "passphraseFile: /secrets/passphrase", "none: false", "spec.encryption: makes no choice" },
        { "passphraseFile: /secrets/passphrase", "passphraseFile: /x\n    none: true", "spec.encryption: got passphraseFile and none" },
        { "user: mlflow", "user: x\n    passwordFile: a\n    passwordSecret: {name: s, key: k}", "spec.postgres.passwordSecret: is set beside passwordFile" },
        { "user: mlflow", "user: x\n    sslRootCert: a\n    sslRootCertSecret: {name: s, key: k}", "spec.postgres.sslRootCertSecret: is set beside sslRootCert" },
        { "user: mlflow", "user: x\n    passwordSecret: {name: S, key: k}", "spec.postgres.passwordSecret.name: got \"S\"" },
        { "user: mlflow", "user: x\n    passwordSecret: {name: s}", "spec.postgres.passwordSecret.key: is missing" },
        { "user: mlflow", "user: x\n    passwordSecret: {name: s, key: \"hunter2 !\"}", "spec.postgres.passwordSecret.key: got something that is no key's name" },
        { "user: mlflow", "user: x\n  artifacts: {path: /a, volume: {claimName: c}}", "spec.artifacts.volume: is set beside path or s3" },
        { "user: mlflow", "user: x\n  artifacts: {volume: {}}", "spec.artifacts.volume.claimName: is missing" },
        { "user: mlflow", "user: x\n  artifacts: {volume: {claimName: c, subPath: /x}}", "spec.artifacts.volume.subPath: got \"/x\"" },
        { "user: mlflow", "user: x\n  artifacts: {volume: {claimName: c, mountPath: x}}", "spec.artifacts.volume.mountPath: got \"x\"" },
        { "user: mlflow", "user: x\n  artifacts: {volume: {claimName: c, mountPath: /etc/x}}", "wants a folder that is not the agent's own" },
        { "path: /backups", "path: /b\n      volume: {}", "spec.repositories[0].volume: is set beside path or s3" },
        { "path: /backups", "volume: {size: big}", "spec.repositories[0].volume.size: got \"big\"; wants a quantity" },
        { "path: /backups", "volume: {}\n    - name: x\n      volume: {create: false}", "spec.repositories[1].volume: is the same place as spec.repositories[0].volume" },
        { "passphraseFile: /secrets/passphrase", "passphraseFile: /x\n    passphraseSecret: {name: a, key: b}", "spec.encryption: got passphraseFile and passphraseSecret" },
        { "user: mlflow", "user: x\n  kubernetes: {image: \"a b\"}", "spec.kubernetes.image: got \"a b\"" },
        { "user: mlflow", "user: x\n  kubernetes: {imagePullPolicy: Sometimes}", "spec.kubernetes.imagePullPolicy: got \"Sometimes\"" },
        { "user: mlflow", "user: x\n  kubernetes: {labels: {app.kubernetes.io/name: x}}", "spec.kubernetes.labels: got \"app.kubernetes.io/name\"; wants labels of your own" },
        { "user: mlflow", "user: x\n  kubernetes: {annotations: {\"a b\": x}}", "spec.kubernetes.annotations: got \"a b\"" },
        { "user: mlflow", "user: x\n  kubernetes: {labels: x}", "spec.kubernetes.labels: got a single value" },
        { "user: mlflow", "user: x\n  kubernetes: {affinityLabels: {app: x}}", "there is no spec.artifacts.volume" },
        { "user: mlflow", "user: x\n  kubernetes: {scaleDown: [mlflow]}", "deployment/NAME or statefulset/NAME" },
        { "user: mlflow", "user: x\n  kubernetes: {scaleDown: [cronjob/mlflow]}", "deployment/NAME or statefulset/NAME" },
        { "user: mlflow", "user: x\n  kubernetes: {scaleDown: [deployment/ML_flow]}", "spec.kubernetes.scaleDown[0]" },
        { "user: mlflow", "user: x\n  kubernetes: {scaleDown: [deployment/a, deployment/a]}", "each workload once" },
        { "user: mlflow", "user: x\n  kubernetes: {podSecurity: {runAsUser: 0}}", "spec.kubernetes.podSecurity.runAsUser: got \"0\"" },
        { "user: mlflow", "user: x\n  kubernetes: {tolerations: [{operator: Exists, effect: Never}]}", "spec.kubernetes.tolerations[0].effect: got \"Never\"" },
        { "user: mlflow", "user: x\n  kubernetes: {resources: {limits: {memory: lots}}}", "spec.kubernetes.resources.limits.memory: got \"lots\"" },
        { "user: mlflow", "user: x\n  kubernetes: {activeDeadline: {postgres: soon}}", "spec.kubernetes.activeDeadline.postgres: got \"soon\"" },
        { "user: mlflow", "user: x\n  kubernetes: {verifySchedule: \"@weekly\"}", "spec.kubernetes.verifySchedule: got \"@weekly\"" },
        { "user: mlflow", "user: x\n  kubernetes: {pruneSchedule: \"@daily\"}", "spec.kubernetes.pruneSchedule: got \"@daily\"" },
        { "passphraseFile: /secrets/passphrase", "passphraseEnv: correct horse", "spec.encryption.passphraseEnv: got something that is no variable's name" },
    };

    public static TheoryData<string, string> WrongS3 => new()
    {
        { "{prefix: a}", "s3.bucket: is missing" },
        { "{bucket: ab}", "s3.bucket: got \"ab\"" },
        { "{bucket: Upper}", "s3.bucket: got \"Upper\"" },
        { "{bucket: a..b}", "s3.bucket: got \"a..b\"" },
        { "{bucket: 10.0.0.1}", "s3.bucket: got \"10.0.0.1\"" },
        { "{bucket: abc, prefix: /x}", "s3.prefix: got \"/x\"" },
        { "{bucket: abc, prefix: x/../y}", "s3.prefix: got \"x/../y\"" },
        { "{bucket: abc, prefix: x//y}", "s3.prefix: got \"x//y\"" },
        { "{bucket: abc, region: \"eu central\"}", "s3.region: got \"eu central\"" },
        { "{bucket: abc, endpoint: s3.example.com}", "s3.endpoint: got \"s3.example.com\"; wants an http or https URL" },
        { "{bucket: abc, endpoint: \"ftp://x\"}", "s3.endpoint: got \"ftp://x\"" },
        { "{bucket: abc, endpoint: \"https://key:hunter2@x\"}", "s3.endpoint: got a URL with a user" },
        { "{bucket: abc, endpoint: \"https://x/?token=hunter2\"}", "s3.endpoint: got a URL with a user" },
        { "{bucket: abc, checksums: always}", "s3.checksums: got \"always\"; wants one of whenRequired, whenSupported" },
        { "{bucket: abc, serverSideEncryption: AES128}", "s3.serverSideEncryption: got \"AES128\"" },
        { "{bucket: abc, kmsKeyId: k}", "s3.kmsKeyId: is set, but serverSideEncryption is none" },
        { "{bucket: abc, storageClass: GLACIER}", "s3.storageClass: got \"GLACIER\"; wants a class that can be read at once" },
        { "{bucket: abc, setup: {noncurrentDays: 0}}", "s3.setup.noncurrentDays: got \"0\"; wants a number of days" },
        { "{bucket: abc, setup: {abortMultipartDays: 40000}}", "s3.setup.abortMultipartDays: got \"40000\"" },
        { "{bucket: abc, setup: {objectLock: {mode: none, days: 90}}}", "s3.setup.objectLock.mode: got \"none\"; wants one of governance, compliance" },
        { "{bucket: abc, setup: {objectLock: {mode: compliance}}}", "s3.setup.objectLock.days: got \"0\"" },
        { "{bucket: abc, setup: {objectLock: {days: 89}}}", "s3.setup.objectLock.days: got \"89\"; wants at least retention.keepWithin (90d)" },
        { "{bucket: abc, setup: {replication: {}}}", "s3.setup.replication.bucket: is missing" },
        { "{bucket: abc, setup: {replication: {bucket: abc}}}", "s3.setup.replication.bucket: got \"abc\"; wants the name of another bucket" },
        { "{bucket: abc, setup: {replication: {bucket: abd, role: admin}}}", "s3.setup.replication.role: got \"admin\"; wants a role's ARN" },
        { "{bucket: abc, setup: {replication: {bucket: abd, storageClass: \"a b\"}}}", "s3.setup.replication.storageClass: got \"a b\"" },
        { "{bucket: abc, setup: {replication: {bucket: abd, kmsKeyId: k}}}", "s3.setup.replication.kmsKeyId: got \"k\"" },
        { "{bucket: abc, serverSideEncryption: \"aws:kms\", setup: {replication: {bucket: abd}}}", "s3.setup.replication.kmsKeyId: is missing" },
        { "{bucket: abc, credentials: {}}", "s3.credentials: is empty" },
        { "{bucket: abc, credentials: {accessKeyIdEnv: A, secretAccessKeyEnv: B, expires: soon}}", "s3.credentials.expires: got" },
        { "{bucket: abc, credentials: {accessKeyIdEnv: A}}", "s3.credentials.secretAccessKeyEnv: is missing" },
        { "{bucket: abc, credentials: {accessKeyIdEnv: AKIAIOSFODNN7EXAMPLE, secretAccessKeyEnv: B}}", "s3.credentials.accessKeyIdEnv: got something" },
        { "{bucket: abc, credentials: {accessKeyIdEnv: A, secretAccessKeyEnv: B, file: c}}", "s3.credentials.file: is set beside" },
        { "{bucket: abc, credentials: {secret: {name: s, accessKeyIdKey: a}}}", "s3.credentials.secret.secretAccessKeyKey: is missing" },
        { "{bucket: abc, credentials: {file: f, secret: {name: s, accessKeyIdKey: a, secretAccessKeyKey: b}}}", "s3.credentials.secret: is set beside" },
        { "{bucket: abc, credentials: {profile: p}}", "s3.credentials.profile: got \"p\"" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_value_is_refused_with_its_field_and_what_is_wanted(string old, string replacement, string expected)
    {
        var message = Plans.Refused(Plans.Minimal.With(old, replacement));

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain(" errors:", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
        Assert.DoesNotContain("correct horse", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{a: x, a: y}", "has a name twice")]
    [InlineData("{a: [x]}", "has a name or a value that is not a text")]
    [InlineData("{a: {b: c}}", "has a name or a value that is not a text")]
    public void Labels_that_are_no_texts_or_come_twice_are_refused(string labels, string expected) => Assert.Contains(
        $"spec.kubernetes.labels: {expected}",
        Plans.Refused(Plans.Minimal.With("user: mlflow", $"user: x\n  kubernetes: {{labels: {labels}}}")),
        StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(WrongS3))]
    public void A_wrong_s3_setting_is_refused(string s3, string expected)
    {
        var message = Plans.Refused(Plans.Minimal.With("path: /backups", $"s3: {s3}"));

        Assert.Contains("spec.repositories[0]." + expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain(" errors:", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
        Assert.DoesNotContain("AKIA", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user: mlflow", "user: x\n    password: hunter2", "spec.postgres.password: unknown field; a plan holds no secrets", "spec.postgres.passwordFile")]
    [InlineData("passphraseFile: /secrets/passphrase", "passphrase: hunter2", "spec.encryption.passphrase: unknown field; a plan holds no secrets", "passphraseFile")]
    [InlineData("path: /backups", "s3: {bucket: abc, secretAccessKey: hunter2}", "spec.repositories[0].s3.secretAccessKey: unknown field; a plan holds no secrets", "credentials.accessKeyIdEnv")]
    public void A_plain_secret_is_refused_with_where_its_reference_goes(string old, string replacement, string expected, string reference)
    {
        var message = Plans.Refused(Plans.Minimal.With(old, replacement));

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(reference, message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3: {bucket: abc, prefix: a}", "s3: {bucket: abc, prefix: a/b}", "lies inside")]
    [InlineData("s3: {bucket: abc, prefix: a/b}", "s3: {bucket: abc}", "lies around")]
    [InlineData("s3: {bucket: abc, prefix: a/}", "s3: {bucket: abc, prefix: a, region: eu-west-1}", "is the same place as")]
    [InlineData("s3: {bucket: abc, endpoint: \"http://H:80\"}", "s3: {bucket: abc, endpoint: \"http://h/\"}", "is the same place as")]
    public void Two_repositories_in_one_bucket_place_are_refused(string first, string second, string relation) => Assert.Contains(
        $"spec.repositories[1].s3: {relation} spec.repositories[0].s3",
        Plans.Refused(Plans.Minimal.With("path: /backups", $"{first}\n    - name: second\n      {second}")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("s3: {bucket: abc, prefix: a}", "s3: {bucket: abc, prefix: ab}")]
    [InlineData("s3: {bucket: abc}", "s3: {bucket: abc, endpoint: \"https://s3.example.com\"}")]
    [InlineData("path: /backups", "path: /backups2")]
    public void Repositories_beside_each_other_are_fine(string first, string second) =>
        Assert.Equal(2, Plans.Load(Plans.Minimal.With("path: /backups", $"{first}\n    - name: second\n      {second}")).Spec.Repositories.Count);

    [Theory]
    [InlineData("host: /var/run/postgresql")]
    [InlineData("host: \"::1\"")]
    [InlineData("host: db.mlops.svc.cluster.local")]
    [InlineData("passwordEnv: PGPASSWORD")]
    [InlineData("sslMode: verify-ca")]
    public void Right_connection_settings_are_taken(string line) =>
        Assert.NotNull(Plans.Load(Plans.Minimal.With("user: mlflow", $"user: mlflow\n    {line}")).Spec.Postgres);

    [Fact]
    public void No_encryption_is_a_choice_that_can_be_made() =>
        Assert.True(Plans.Load(Plans.Minimal.With("passphraseFile: /secrets/passphrase", "none: true")).Spec.Encryption!.None);

    [Fact]
    public void A_misspelt_section_is_one_error_not_two()
    {
        var message = Plans.Refused(Plans.Minimal.With("encryption:", "encryptoin:").With("postgres:", "postgress:"));

        Assert.Contains("has 2 errors", message, StringComparison.Ordinal);
    }
}
