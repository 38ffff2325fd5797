using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>The rights of the role that S3 acts as when it replicates.</summary>
internal static class ReplicationPolicy
{
    public static IReadOnlyList<PolicyStatement> Of(BucketWish wish)
    {
        var replication = wish.Setup.Replication ?? throw new ArgumentException("no replication", nameof(wish));
        var target = $"arn:{wish.Partition}:s3:::{replication.Bucket}";
        var statements = new List<PolicyStatement>
        {
            new("ReadRules", ["s3:GetReplicationConfiguration", "s3:ListBucket"], [wish.BucketArn]),
            new(
                "ReadVersions",
                ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging", "s3:GetObjectRetention", "s3:GetObjectLegalHold"],
                [$"{wish.BucketArn}/{PolicyDocument.Literal(wish.Prefix)}*"]),
            // Not s3:ReplicateDelete: what is deleted here stays there.
            new("Replicate", ["s3:ReplicateObject", "s3:ReplicateTags"], [$"{target}/{PolicyDocument.Literal(wish.Prefix)}*"]),
        };
        if (wish is { Encryption: S3ServerSideEncryption.Kms, KmsKeyId: { } key })
        {
            statements.Add(KeyStatement.Of("Decrypt", ["kms:Decrypt"], wish.Partition, wish.Region, key));
        }

        if (replication.KmsKeyId is { } replicaKey)
        {
            statements.Add(KeyStatement.Of("Encrypt", ["kms:Encrypt"], wish.Partition, null, replicaKey));
        }

        return statements;
    }
}
