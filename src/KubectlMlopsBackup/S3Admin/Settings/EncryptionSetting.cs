using Amazon.S3;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.S3Admin.Settings;

/// <summary>What the bucket does with objects whose writer asks for nothing. Beside the encryption of the plan, not in its place.</summary>
internal sealed class EncryptionSetting(BucketClient client) : IBucketSetting
{
    public const string S3Permission = "EncryptionConfiguration";

    private BucketWish Wish => client.Wish;

    private bool IsKms => Wish.Encryption == S3ServerSideEncryption.Kms;

    public string Name => "encryption";

    public string Wanted => IsKms ? $"aws:kms, {Wish.KmsKeyId ?? "the account's key for S3"}{(Wish.IsAws ? ", bucket key" : "")}" : "AES256";

    public bool IsAskedFor => Wish.Encryption != S3ServerSideEncryption.None;

    public string Permission => S3Permission;

    public async Task<SettingFinding> ExamineAsync(CancellationToken cancellationToken)
    {
        if (!Wish.IsAws && !IsAskedFor)
        {
            // A store without a key server accepts the setting, and from then on refuses every write.
            return new SettingFinding(
                SettingState.Left, "not asked", "the plan asks for none, and a store other than AWS may lack the keys: spec.encryption protects the backups all the same");
        }

        var request = new GetBucketEncryptionRequest { BucketName = client.Bucket };
        var rules = (await client.FindAsync((s3, token) => s3.GetBucketEncryptionAsync(request, token), cancellationToken))
            ?.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules ?? [];
        var rule = rules.FirstOrDefault(r => r.ServerSideEncryptionByDefault is not null);
        var set = rule?.ServerSideEncryptionByDefault;
        if (set is null)
        {
            return SettingFinding.Of(false, "none");
        }

        var method = set.ServerSideEncryptionAlgorithm;
        var key = set.ServerSideEncryptionKeyManagementServiceKeyId;
        var bucketKey = rule!.BucketKeyEnabled == true;
        var current = method == ServerSideEncryptionMethod.AWSKMS
            ? $"aws:kms, {key ?? "the account's key for S3"}{(bucketKey ? ", bucket key" : "")}"
            : method.Value;
        // A bucket that does more than the plan asks for is left to do it.
        var fits = IsKms
            ? method == ServerSideEncryptionMethod.AWSKMS && IsSameKey(key) && (bucketKey || !Wish.IsAws)
            : method == ServerSideEncryptionMethod.AES256 || (!IsAskedFor && method is not null);
        return SettingFinding.Of(fits, current);
    }

    public Task ApplyAsync(CancellationToken cancellationToken)
    {
        var request = new PutBucketEncryptionRequest
        {
            BucketName = client.Bucket,
            ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
            {
                ServerSideEncryptionRules =
                [
                    new ServerSideEncryptionRule
                    {
                        ServerSideEncryptionByDefault = new ServerSideEncryptionByDefault
                        {
                            ServerSideEncryptionAlgorithm = IsKms ? ServerSideEncryptionMethod.AWSKMS : ServerSideEncryptionMethod.AES256,
                            ServerSideEncryptionKeyManagementServiceKeyId = IsKms ? Wish.KmsKeyId : null,
                        },
                        BucketKeyEnabled = IsKms && Wish.IsAws ? true : null,
                    },
                ],
            },
        };
        return client.SendAsync((s3, token) => s3.PutBucketEncryptionAsync(request, token), cancellationToken);
    }

    /// <summary>The store may answer with the ARN of what was set by its id.</summary>
    private bool IsSameKey(string? key) =>
        Wish.KmsKeyId == key || (Wish.KmsKeyId is { } wanted && key?.EndsWith($"/{wanted}", StringComparison.Ordinal) == true);
}
