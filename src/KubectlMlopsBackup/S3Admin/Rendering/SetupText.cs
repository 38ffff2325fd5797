using System.Text.Json.Nodes;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.S3Admin.Policies;
using KubectlMlopsBackup.S3Admin.Settings;
using Scriban.Runtime;

namespace KubectlMlopsBackup.S3Admin.Rendering;

/// <summary><c>s3 setup</c> in the words of other tools, for those who may not, or will not, let this one do it.</summary>
internal static class SetupText
{
    public static string AwsCli(BucketWish wish) => TemplateRenderer.Render("s3/setup-aws-cli.sbn", Model(wish, Quoted.Shell, json => Quoted.Shell(Quoted.Json(json))));

    /// <exception cref="UserError">The store is not AWS.</exception>
    public static string Terraform(BucketWish wish) => wish.IsAws
        ? TemplateRenderer.Render("s3/setup-terraform.sbn", Model(wish, Quoted.Hcl, json => Quoted.Hcl(json, 2)))
        : throw new UserError(
            $"repository {wish.Repository} is not at AWS, and Terraform's AWS provider makes no buckets elsewhere", "use --print aws-cli, or s3 setup itself", ExitCode.Usage);

    private static ScriptObject Model(BucketWish wish, Func<string, string> quote, Func<JsonNode, string> json)
    {
        string? Text(string? value) => value is null ? null : quote(value);
        var replication = wish.Setup.Replication;
        var kms = wish.Encryption == S3ServerSideEncryption.Kms;
        return new ScriptObject
        {
            ["repository"] = wish.Repository,
            ["name"] = "mlopsbackup_" + wish.Repository.Replace('-', '_'),
            ["bucket"] = quote(wish.Bucket),
            ["prefix"] = quote(wish.Prefix),
            ["region"] = Text(wish.Region),
            // AWS takes no constraint for its first region.
            ["constraint"] = wish.IsAws && wish.Region is not (null or "us-east-1") ? Text($"LocationConstraint={wish.Region}") : null,
            ["endpoint"] = Text(wish.Endpoint?.AbsoluteUri.TrimEnd('/')),
            ["encryption"] = wish.IsAws || wish.Encryption != S3ServerSideEncryption.None ? json(Encryption(wish, kms)) : null,
            ["algorithm"] = quote(kms ? "aws:kms" : "AES256"),
            ["kms"] = kms,
            ["key"] = Text(wish.KmsKeyId),
            ["policy"] = wish.IsPlainHttp ? null : json(TlsPolicy.Merge(null, wish.BucketArn)),
            ["lifecycle"] = json(Lifecycle(wish)),
            ["noncurrentId"] = quote(wish.RuleId("noncurrent")),
            ["multipartId"] = quote(wish.RuleId("multipart")),
            ["noncurrentDays"] = wish.Setup.NoncurrentDays,
            ["multipartDays"] = wish.Setup.AbortMultipartDays,
            ["lock"] = wish.Setup.ObjectLock is { } wanted ? json(ObjectLock(wanted)) : null,
            ["lockMode"] = Text(wish.Setup.ObjectLock?.Mode.ToUpperInvariant()),
            ["lockDays"] = wish.Setup.ObjectLock?.Days,
            ["replica"] = Text(replication?.Bucket),
            ["replicaArn"] = replication is null ? null : quote($"arn:{wish.Partition}:s3:::{replication.Bucket}"),
            ["replicaClass"] = Text(replication?.StorageClass),
            ["replicaKey"] = Text(replication?.KmsKeyId),
            ["replicationId"] = quote(wish.RuleId("replication")),
            ["role"] = Text(replication?.Role),
            ["roleName"] = quote($"mlopsbackup-replication-{wish.Repository}"),
            ["trust"] = replication is null ? null : json(TrustPolicy.OfS3()),
            ["replicationPolicy"] = replication is null ? null : json(PolicyDocument.Of(ReplicationPolicy.Of(wish))),
            ["replication"] = replication is null ? null : json(Replication(wish, replication)),
        };
    }

    private static JsonObject Encryption(BucketWish wish, bool kms)
    {
        var byDefault = new JsonObject { ["SSEAlgorithm"] = kms ? "aws:kms" : "AES256" };
        if (kms && wish.KmsKeyId is { } key)
        {
            byDefault["KMSMasterKeyID"] = key;
        }

        var rule = new JsonObject { ["ApplyServerSideEncryptionByDefault"] = byDefault };
        if (kms && wish.IsAws)
        {
            rule["BucketKeyEnabled"] = true;
        }

        return new JsonObject { ["Rules"] = new JsonArray(rule) };
    }

    private static JsonObject Lifecycle(BucketWish wish) => new()
    {
        ["Rules"] = new JsonArray(
            new JsonObject
            {
                ["ID"] = wish.RuleId("noncurrent"),
                ["Status"] = "Enabled",
                ["Filter"] = new JsonObject { ["Prefix"] = wish.Prefix },
                ["NoncurrentVersionExpiration"] = new JsonObject { ["NoncurrentDays"] = wish.Setup.NoncurrentDays },
                ["Expiration"] = new JsonObject { ["ExpiredObjectDeleteMarker"] = true },
            },
            new JsonObject
            {
                ["ID"] = wish.RuleId("multipart"),
                ["Status"] = "Enabled",
                ["Filter"] = new JsonObject { ["Prefix"] = wish.Prefix },
                ["AbortIncompleteMultipartUpload"] = new JsonObject { ["DaysAfterInitiation"] = wish.Setup.AbortMultipartDays },
            }),
    };

    private static JsonObject ObjectLock(S3ObjectLockSpec wanted) => new()
    {
        ["ObjectLockEnabled"] = "Enabled",
        ["Rule"] = new JsonObject
        {
            ["DefaultRetention"] = new JsonObject { ["Mode"] = wanted.Mode.ToUpperInvariant(), ["Days"] = wanted.Days },
        },
    };

    private static JsonObject Replication(BucketWish wish, S3ReplicationSpec replication)
    {
        var destination = new JsonObject { ["Bucket"] = $"arn:{wish.Partition}:s3:::{replication.Bucket}" };
        if (replication.StorageClass is { } storageClass)
        {
            destination["StorageClass"] = storageClass;
        }

        var rule = new JsonObject
        {
            ["ID"] = wish.RuleId("replication"),
            ["Priority"] = 1,
            ["Status"] = "Enabled",
            ["Filter"] = new JsonObject { ["Prefix"] = wish.Prefix },
            ["DeleteMarkerReplication"] = new JsonObject { ["Status"] = "Disabled" },
            ["Destination"] = destination,
        };
        if (replication.KmsKeyId is { } key)
        {
            destination["EncryptionConfiguration"] = new JsonObject { ["ReplicaKmsKeyID"] = key };
            rule["SourceSelectionCriteria"] = new JsonObject { ["SseKmsEncryptedObjects"] = new JsonObject { ["Status"] = "Enabled" } };
        }

        // The shell puts the role's ARN in where it is made by the same script.
        return new JsonObject { ["Role"] = replication.Role ?? "ROLE_ARN", ["Rules"] = new JsonArray(rule) };
    }
}
