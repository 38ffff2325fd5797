using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>Which account of AWS is meant.</summary>
internal static class AwsAccount
{
    private const string AnyRegion = "us-east-1";

    private const string NameIt = "name the account with --account (12 digits), or give AWS credentials (a profile, AWS_ACCESS_KEY_ID)";

    /// <exception cref="UserError">It is none.</exception>
    public static string Check(string account) => account.Length == 12 && account.All(char.IsAsciiDigit)
        ? account
        : throw new UserError($"--account {account} is no AWS account", "it has 12 digits", ExitCode.Usage);

    /// <summary>Of the credentials that the AWS SDK finds in its usual places.</summary>
    /// <exception cref="UserError">There are none, or AWS does not take them.</exception>
    public static async Task<string> OwnAsync(string? region, CancellationToken cancellationToken)
    {
        try
        {
            using var sts = new AmazonSecurityTokenServiceClient(RegionEndpoint.GetBySystemName(region ?? AnyRegion));
            return (await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellationToken)).Account;
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException)
        {
            throw new UserError($"your AWS account cannot be asked for: {e.Message}", NameIt, ExitCode.Usage, e);
        }
    }
}
