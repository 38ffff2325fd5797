using static KubectlMlopsBackup.Configuration.PlanFieldKind;

namespace KubectlMlopsBackup.Configuration;

/// <summary>
/// Which fields there are and where, for errors that name the line and the nearest field.
/// The deserializer knows too, but stops at the first unknown one. A unit test holds this, the model and the JSON Schema together.
/// </summary>
internal static class PlanShape
{
    private static readonly PlanField[] SecretKey = [new("name", Text), new("key", Text)];

    private static readonly PlanField[] AccessKeys =
    [
        new("accessKeyIdEnv", Text),
        new("secretAccessKeyEnv", Text),
        new("sessionTokenEnv", Text),
        new("file", Text),
        new("profile", Text),
        new("expires", Text),
        new(
            "secret",
            Map,
            new PlanField("name", Text),
            new PlanField("accessKeyIdKey", Text),
            new PlanField("secretAccessKeyKey", Text),
            new PlanField("sessionTokenKey", Text)),
    ];

    private static readonly PlanField[] S3 =
    [
        new("bucket", Text),
        new("prefix", Text),
        new("region", Text),
        new("endpoint", Text),
        new("forcePathStyle", Flag),
        new("checksums", Text),
        new("credentials", Map, AccessKeys),
    ];

    private static readonly PlanField[] RepositoryS3 =
    [
        .. S3,
        new("serverSideEncryption", Text),
        new("kmsKeyId", Text),
        new("storageClass", Text),
        new(
            "setup",
            Map,
            new PlanField("noncurrentDays", Number),
            new PlanField("abortMultipartDays", Number),
            new PlanField("objectLock", Map, new PlanField("mode", Text), new PlanField("days", Number)),
            new PlanField(
                "replication",
                Map,
                new PlanField("bucket", Text),
                new PlanField("role", Text),
                new PlanField("storageClass", Text),
                new PlanField("kmsKeyId", Text))),
    ];

    private static readonly PlanField[] Postgres =
    [
        new("host", Text),
        new("port", Number),
        new("database", Text),
        new("user", Text),
        new("passwordFile", Text),
        new("passwordEnv", Text),
        new("passwordSecret", Map, SecretKey),
        new("sslMode", Text),
        new("sslRootCert", Text),
        new("sslRootCertSecret", Map, SecretKey),
        new("clientTools", Text),
        new("schedule", Text),
    ];

    private static readonly PlanField[] Artifacts =
    [
        new("path", Text),
        new("s3", Map, S3),
        new("volume", Map, new PlanField("claimName", Text), new PlanField("subPath", Text), new PlanField("mountPath", Text)),
        new("uris", TextList),
        new("exclude", TextList),
        new("schedule", Text),
        new("allowEmpty", Flag),
        new("parallelism", Number),
    ];

    private static readonly PlanField[] Config =
    [
        new("namespaces", TextList),
        new("selector", Text),
        new("include", TextList),
        new("exclude", TextList),
        new("secrets", Text),
        new("schedule", Text),
    ];

    private static readonly PlanField[] Retention =
    [
        new("keepWithin", Text),
        new("keepLast", Number),
        new("keepDaily", Number),
        new("keepWeekly", Number),
        new("keepMonthly", Number),
    ];

    private static readonly PlanField[] Repository =
    [
        new("name", Text),
        new("path", Text),
        new("s3", Map, RepositoryS3),
        new(
            "volume",
            Map,
            new PlanField("claimName", Text),
            new PlanField("size", Text),
            new PlanField("storageClassName", Text),
            new PlanField("accessMode", Text),
            new PlanField("create", Flag)),
        new("retention", Map, Retention),
    ];

    private static readonly PlanField[] Kms =
    [
        new("keyId", Text),
        new("region", Text),
        new("endpoint", Text),
        new("credentials", Map, AccessKeys),
    ];

    private static readonly PlanField[] Encryption =
    [
        new("passphraseFile", Text),
        new("passphraseEnv", Text),
        new("passphraseSecret", Map, SecretKey),
        new("kms", Map, Kms),
        new("none", Flag),
    ];

    private static readonly PlanField[] Quantities = [new("cpu", Text), new("memory", Text)];

    private static readonly PlanField[] Toleration =
    [
        new("key", Text),
        new("operator", Text),
        new("value", Text),
        new("effect", Text),
        new("tolerationSeconds", Number),
    ];

    private static readonly PlanField[] Kubernetes =
    [
        new("image", Text),
        new("imagePullPolicy", Text),
        new("imagePullSecrets", TextList),
        new(
            "serviceAccountAnnotations",
            Map,
            new PlanField("backup", TextMap),
            new PlanField("restore", TextMap),
            new PlanField("prune", TextMap)),
        new("labels", TextMap),
        new("annotations", TextMap),
        new("nodeSelector", TextMap),
        new("affinityLabels", TextMap),
        new("scaleDown", TextList),
        new("tolerations", MapList, Toleration),
        new("priorityClassName", Text),
        new("resources", Map, new PlanField("requests", Map, Quantities), new PlanField("limits", Map, Quantities)),
        new("scratchSize", Text),
        new(
            "podSecurity",
            Map,
            new PlanField("runAsUser", Number),
            new PlanField("runAsGroup", Number),
            new PlanField("fsGroup", Number)),
        new("networkPolicy", Flag),
        new(
            "activeDeadline",
            Map,
            new PlanField("postgres", Text),
            new PlanField("artifacts", Text),
            new PlanField("verify", Text)),
        new("verifySchedule", Text),
        new("pruneSchedule", Text),
    ];

    private static readonly PlanField[] Endpoint =
    [
        new("url", Text),
        new("service", Text),
        new("port", Number),
        new(
            "credentials",
            Map,
            new PlanField("usernameFile", Text),
            new PlanField("passwordFile", Text),
            new PlanField("secret", Map, new PlanField("name", Text), new PlanField("usernameKey", Text), new PlanField("passwordKey", Text))),
    ];

    private static readonly PlanField[] Check =
    [
        new("name", Text),
        new("timeout", Text),
        new("deadline", Text),
        new("pods", Map, new PlanField("selector", Text)),
        new(
            "http",
            Map,
            [
                .. Endpoint,
                new PlanField("path", Text),
                new PlanField("status", Number),
                new PlanField("contains", Text),
                new PlanField("jsonField", Text),
                new PlanField("jsonValue", Text),
            ]),
        new("sql", Map, new PlanField("query", Text), new PlanField("value", Text), new PlanField("minimum", Number)),
        new("rows", Map, new PlanField("mayLack", Number)),
        new("artifacts", Map, new PlanField("sample", Number)),
        new("mlflow", Map, [.. Endpoint, new PlanField("models", Number)]),
        new("prometheus", Map, [.. Endpoint, new PlanField("query", Text)]),
        new("consistency", Map, new PlanField("mayMiss", Number)),
    ];

    private static readonly PlanField[] Push =
    [
        new("name", Text),
        new("kind", Text),
        new("url", Text),
        new("headersFile", Text),
        new("headersEnv", Text),
        new("headersSecret", Map, SecretKey),
    ];

    private static readonly PlanField[] Notification =
    [
        new("name", Text),
        new("kind", Text),
        new("urlFile", Text),
        new("urlEnv", Text),
        new("urlSecret", Map, SecretKey),
        new("port", Number),
        new("when", Text),
        new("template", Text),
        new("contentType", Text),
    ];

    private static readonly PlanField[] Recovery =
    [
        new("rpo", Text),
        new("rto", Text),
        new("infrastructure", TextList),
        new(
            "hooks",
            MapList,
            new PlanField("name", Text),
            new PlanField("before", Text),
            new PlanField("after", Text),
            new PlanField("command", TextList),
            new PlanField("timeout", Text),
            new PlanField("drill", Flag)),
        new("workloadTimeout", Text),
        new("checks", MapList, Check),
        new(
            "drill",
            Map,
            new PlanField("namespace", Text),
            new PlanField("schedule", Text),
            new PlanField("cpu", Text),
            new PlanField("memory", Text),
            new PlanField("storage", Text),
            new PlanField("artifacts", Map, new PlanField("bucket", Text), new PlanField("prefix", Text))),
    ];

    private static readonly PlanField[] Spec =
    [
        new("timeZone", Text),
        new("postgres", Map, Postgres),
        new("artifacts", Map, Artifacts),
        new("config", Map, Config),
        new("repositories", MapList, Repository),
        new("encryption", Map, Encryption),
        new("compression", Text),
        new("notifications", MapList, Notification),
        new("monitoring", Map, new PlanField("exporter", Flag), new PlanField("runbookUrl", Text), new PlanField("push", MapList, Push)),
        new("recovery", Map, Recovery),
        new("kubernetes", Map, Kubernetes),
    ];

    public static PlanField Root { get; } = new(
        "",
        Map,
        new PlanField("apiVersion", Text),
        new PlanField("kind", Text),
        new PlanField("metadata", Map, new PlanField("name", Text), new PlanField("namespace", Text)),
        new PlanField("spec", Map, Spec));
}
