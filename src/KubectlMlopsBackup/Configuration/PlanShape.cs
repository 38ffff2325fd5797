using static KubectlMlopsBackup.Configuration.PlanFieldKind;

namespace KubectlMlopsBackup.Configuration;

/// <summary>
/// Which fields there are and where, for errors that name the line and the nearest field.
/// The deserializer knows too, but stops at the first unknown one. A unit test holds this, the model and the JSON Schema together.
/// </summary>
internal static class PlanShape
{
    private static readonly PlanField[] S3 =
    [
        new("bucket", Text),
        new("prefix", Text),
        new("region", Text),
        new("endpoint", Text),
        new("forcePathStyle", Flag),
        new("checksums", Text),
        new(
            "credentials",
            Map,
            new PlanField("accessKeyIdEnv", Text),
            new PlanField("secretAccessKeyEnv", Text),
            new PlanField("sessionTokenEnv", Text),
            new PlanField("file", Text),
            new PlanField("profile", Text)),
    ];

    private static readonly PlanField[] RepositoryS3 =
    [
        .. S3,
        new("serverSideEncryption", Text),
        new("kmsKeyId", Text),
        new("storageClass", Text),
    ];

    private static readonly PlanField[] Postgres =
    [
        new("host", Text),
        new("port", Number),
        new("database", Text),
        new("user", Text),
        new("passwordFile", Text),
        new("passwordEnv", Text),
        new("sslMode", Text),
        new("sslRootCert", Text),
        new("clientTools", Text),
        new("schedule", Text),
    ];

    private static readonly PlanField[] Artifacts =
    [
        new("path", Text),
        new("s3", Map, S3),
        new("exclude", TextList),
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
        new("retention", Map, Retention),
    ];

    private static readonly PlanField[] Encryption =
    [
        new("passphraseFile", Text),
        new("passphraseEnv", Text),
        new("none", Flag),
    ];

    private static readonly PlanField[] Spec =
    [
        new("timeZone", Text),
        new("postgres", Map, Postgres),
        new("artifacts", Map, Artifacts),
        new("repositories", MapList, Repository),
        new("encryption", Map, Encryption),
        new("compression", Text),
        new("recovery", Map, new PlanField("rpo", Text), new PlanField("rto", Text)),
    ];

    public static PlanField Root { get; } = new(
        "",
        Map,
        new PlanField("apiVersion", Text),
        new PlanField("kind", Text),
        new PlanField("metadata", Map, new PlanField("name", Text), new PlanField("namespace", Text)),
        new PlanField("spec", Map, Spec));
}
