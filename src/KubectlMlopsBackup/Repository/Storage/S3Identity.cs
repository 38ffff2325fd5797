using System.Xml;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>As whom a store is reached.</summary>
/// <param name="AccessKey">Masked.</param>
/// <param name="Source">Where the credentials are from, such as <c>the plan's credentials</c>.</param>
/// <param name="IsTemporary">They come with a session token.</param>
/// <param name="Arn">As STS tells it; null where there is none to ask.</param>
/// <param name="Silence">Why STS did not tell; null where it did.</param>
internal sealed record S3Identity(string AccessKey, string Source, bool IsTemporary, string? Arn, string? Silence)
{
    private const int ShownChars = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <returns>Null where there are no credentials.</returns>
    /// <exception cref="UserError">Half a pair of keys, or neither region nor endpoint.</exception>
    public static async Task<S3Identity?> OfAsync(S3StoreSettings settings, CancellationToken cancellationToken)
    {
        var own = S3ClientFactory.Credentials(settings);
        AWSCredentials credentials;
        ImmutableCredentials keys;
        try
        {
            using var client = S3ClientFactory.Create(settings, own);
            credentials = own ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(client.Config);
            keys = await credentials.GetCredentialsAsync();
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException)
        {
            return null;
        }

        var (arn, silence) = await AskAsync(settings, credentials, cancellationToken);
        return new S3Identity(Mask(keys.AccessKey), own is null ? SourceOf(credentials) : "the plan's credentials", keys.UseToken, arn, silence);
    }

    /// <summary>Enough to find it in a list of keys.</summary>
    public static string Mask(string accessKey) =>
        accessKey.Length < 4 * ShownChars ? "********" : $"{accessKey[..ShownChars]}********{accessKey[^ShownChars..]}";

    private static async Task<(string? Arn, string? Silence)> AskAsync(S3StoreSettings settings, AWSCredentials credentials, CancellationToken cancellationToken)
    {
        var config = new AmazonSecurityTokenServiceConfig { MaxErrorRetry = 0, Timeout = Patience };
        // Amazon's own endpoints for S3 alone, such as those of a VPC, have no STS.
        if (settings.Endpoint is { } endpoint && !endpoint.Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase))
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = settings.Region ?? WebIdentity.AnyRegion;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region ?? WebIdentity.AnyRegion);
        }

        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(Patience);
        try
        {
            using var sts = new AmazonSecurityTokenServiceClient(credentials, config);
            var answer = await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), time.Token);
            return string.IsNullOrEmpty(answer.Arn) ? (null, "the store has no STS that tells whose it is") : (answer.Arn, null);
        }
        catch (AmazonServiceException e) when (e.StatusCode is not 0)
        {
            return (null, settings.Endpoint is null ? $"STS does not tell whose it is: {e.ErrorCode} (HTTP {(int)e.StatusCode})" : "the store has no STS that tells whose it is");
        }
        catch (XmlException)
        {
            return (null, "the store has no STS that tells whose it is");
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, "STS cannot be reached to tell whose it is");
        }
    }

    private static string SourceOf(AWSCredentials credentials) => credentials switch
    {
        EnvironmentVariablesAWSCredentials => "the environment",
        AssumeRoleWithWebIdentityCredentials => "the web identity token (IRSA)",
        GenericContainerCredentials => "the container's endpoint (Pod Identity)",
        // The chain's own kind of these is not public.
        _ when credentials.GetType().Name.Contains("InstanceProfile", StringComparison.Ordinal) => "the instance's metadata service",
        _ => "a profile",
    };
}
