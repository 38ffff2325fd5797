using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.S3Admin.Roles;

/// <summary>Where the IAM of a plan's store is.</summary>
internal static class IamEndpoint
{
    private const string AnyRegion = "us-east-1";

    /// <summary>AWS' own, one for each partition; else the store's: where it has an IAM, that is at the same place.</summary>
    public static (Uri Endpoint, string Region) Of(PlanSpec spec)
    {
        IEnumerable<IS3Spec?> all = [.. spec.Repositories.Select(r => r.S3), spec.Artifacts?.S3];
        var s3 = all.OfType<IS3Spec>().FirstOrDefault();
        return s3 is { Endpoint: { } endpoint } && !new Uri(endpoint).Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase)
            ? (new Uri(endpoint), s3.Region ?? AnyRegion)
            : S3Partition.Of(s3?.Region) switch
            {
                "aws-cn" => (new Uri("https://iam.cn-north-1.amazonaws.com.cn/"), "cn-north-1"),
                "aws-us-gov" => (new Uri("https://iam.us-gov.amazonaws.com/"), "us-gov-west-1"),
                _ => (new Uri("https://iam.amazonaws.com/"), AnyRegion),
            };
    }

    /// <summary>Your own, from the AWS SDK's usual places: the plan's are the backup's, which may make no roles.</summary>
    /// <exception cref="UserError">There are none.</exception>
    public static AWSCredentials OwnCredentials()
    {
        try
        {
            return DefaultAWSCredentialsIdentityResolver.GetCredentials(new AmazonSecurityTokenServiceConfig { RegionEndpoint = RegionEndpoint.GetBySystemName(AnyRegion) });
        }
        catch (AmazonClientException e)
        {
            throw new UserError($"roles are made with your own credentials, and there are none: {e.Message}", "log in (aws sso login, AWS_PROFILE, AWS_ACCESS_KEY_ID), then run it again", ExitCode.Usage, e);
        }
    }
}
