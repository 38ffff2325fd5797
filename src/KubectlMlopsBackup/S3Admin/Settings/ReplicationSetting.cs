using Amazon.S3;
using Amazon.S3.Model;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.S3Admin.Settings;

/// <summary>
/// The store copies every new object to a second bucket. Deletions are not copied: what a thief or a mistake deletes here stays there.
/// Rules of others stay.
/// </summary>
internal sealed class ReplicationSetting(BucketClient client) : IBucketSetting
{
    public const string S3Permission = "ReplicationConfiguration";

    private ReplicationConfiguration? configuration;

    private string RuleId => client.Wish.RuleId("replication");

    private S3ReplicationSpec? Replication => client.Wish.Setup.Replication;

    public string Name => "replication";

    public string Wanted => Replication is { } wanted
        ? $"to {wanted.Bucket}{(wanted.StorageClass is { } storageClass ? $" as {storageClass}" : "")}, deletions stay here"
        : "not asked for";

    public bool IsAskedFor => Replication is not null;

    public string Permission => S3Permission;

    private string TargetArn => $"arn:{client.Wish.Partition}:s3:::{Replication!.Bucket}";

    public async Task<SettingFinding> ExamineAsync(CancellationToken cancellationToken)
    {
        var request = new GetBucketReplicationRequest { BucketName = client.Bucket };
        try
        {
            configuration = (await client.FindAsync((s3, token) => s3.GetBucketReplicationAsync(request, token), cancellationToken))?.Configuration;
        }
        catch (Exception e) when (Replication is null && BucketClient.IsUnsupported(e))
        {
            return new SettingFinding(SettingState.Ok, "the store has none");
        }

        var rules = configuration?.Rules ?? [];
        var current = rules.Count == 0 ? "none" : $"{rules.Count} rule{(rules.Count == 1 ? "" : "s")}, role {configuration!.Role}";
        if (Replication is not { } wanted)
        {
            return SettingFinding.Of(true, current);
        }

        if (rules.Exists(r => r.Id != RuleId) && wanted.Role is not null && configuration!.Role != wanted.Role)
        {
            return new SettingFinding(
                SettingState.Refused,
                current,
                $"rules of others replicate with role {configuration.Role}, and a bucket has one role for all",
                "give that role the rights to both, and name it in the plan's setup.replication.role");
        }

        var ours = rules.Find(r => r.Id == RuleId);
        return SettingFinding.Of(ours is not null && IsWanted(ours) && (wanted.Role is null || configuration!.Role == wanted.Role), current);
    }

    public Task ApplyAsync(CancellationToken cancellationToken)
    {
        var others = (configuration?.Rules ?? []).Where(r => r.Id != RuleId).ToList();
        var request = new PutBucketReplicationRequest
        {
            BucketName = client.Bucket,
            Configuration = new ReplicationConfiguration
            {
                Role = Replication!.Role ?? configuration?.Role ?? throw new UserError(
                    "replication needs a role that S3 acts as, and the plan names none",
                    "s3 setup --print aws-cli (or terraform) prints it with its policies; make it, and write its ARN into setup.replication.role",
                    ExitCode.Usage),
                Rules = [.. others, Rule(others.Count == 0 ? 1 : others.Max(r => r.Priority ?? 0) + 1)],
            },
        };
        return client.SendAsync((s3, token) => s3.PutBucketReplicationAsync(request, token), cancellationToken);
    }

    private ReplicationRule Rule(int priority) => new()
    {
        Id = RuleId,
        Priority = priority,
        Status = ReplicationRuleStatus.Enabled,
        Filter = new ReplicationRuleFilter { Prefix = client.Wish.Prefix },
        DeleteMarkerReplication = new DeleteMarkerReplication { Status = DeleteMarkerReplicationStatus.Disabled },
        SourceSelectionCriteria = Replication!.KmsKeyId is null ? null : new SourceSelectionCriteria
        {
            SseKmsEncryptedObjects = new SseKmsEncryptedObjects { SseKmsEncryptedObjectsStatus = SseKmsEncryptedObjectsStatus.Enabled },
        },
        Destination = new ReplicationDestination
        {
            BucketArn = TargetArn,
            StorageClass = Replication.StorageClass is { } name ? S3StorageClass.FindValue(name) : null,
            EncryptionConfiguration = Replication.KmsKeyId is { } key ? new EncryptionConfiguration { ReplicaKmsKeyID = key } : null,
        },
    };

    private bool IsWanted(ReplicationRule rule) =>
        rule.Status == ReplicationRuleStatus.Enabled
        && rule.Destination?.BucketArn == TargetArn
        && rule.Destination.StorageClass?.Value == Replication!.StorageClass
        && rule.Destination.EncryptionConfiguration?.ReplicaKmsKeyID == Replication.KmsKeyId
        && (rule.Filter?.Prefix ?? "") == client.Wish.Prefix
        && rule.DeleteMarkerReplication?.Status != DeleteMarkerReplicationStatus.Enabled;
}
