using System.Text.Json.Nodes;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.S3Admin.Settings;

/// <summary>A statement of the bucket's policy that refuses requests without TLS. All other statements stay as they are.</summary>
internal sealed class TlsPolicySetting(BucketClient client) : IBucketSetting
{
    public const string S3Permission = "BucketPolicy";

    private JsonObject? policy;

    public string Name => "TLS only";

    public string Wanted => "requests without TLS are refused";

    public bool IsAskedFor => false;

    public string Permission => S3Permission;

    public async Task<SettingFinding> ExamineAsync(CancellationToken cancellationToken)
    {
        if (client.Wish.IsPlainHttp)
        {
            return new SettingFinding(
                SettingState.Left, "plain http", "the plan's endpoint is http: such a policy would shut the backups out. Without TLS everyone on the way can read requests and replay answers");
        }

        var request = new GetBucketPolicyRequest { BucketName = client.Bucket };
        var text = (await client.FindAsync((s3, token) => s3.GetBucketPolicyAsync(request, token), cancellationToken))?.Policy;
        if (string.IsNullOrEmpty(text))
        {
            return SettingFinding.Of(false, "no policy");
        }

        if (TlsPolicy.Parse(text) is not { } parsed)
        {
            return new SettingFinding(
                SettingState.Refused, "a policy that cannot be read", "the bucket's policy is no JSON object with statements: it is left alone", "look at it: aws s3api get-bucket-policy");
        }

        policy = parsed;
        return SettingFinding.Of(TlsPolicy.Has(policy, client.Wish.BucketArn), TlsPolicy.Describe(policy));
    }

    public Task ApplyAsync(CancellationToken cancellationToken)
    {
        var merged = TlsPolicy.Merge(policy, client.Wish.BucketArn);
        var request = new PutBucketPolicyRequest
        {
            BucketName = client.Bucket,
            Policy = merged.ToJsonString(),
        };
        return client.SendAsync((s3, token) => s3.PutBucketPolicyAsync(request, token), cancellationToken);
    }
}
