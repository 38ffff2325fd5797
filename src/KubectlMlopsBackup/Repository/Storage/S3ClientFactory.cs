using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Makes S3 clients that do not retry by themselves: <see cref="S3Retry"/> does.</summary>
internal static class S3ClientFactory
{
    /// <summary>Large enough that a pack is sent in few system calls.</summary>
    private const int BufferSize = 256 * 1024;

    /// <param name="settings">Bucket and prefix are not looked at.</param>
    /// <param name="credentials">Null: the SDK's default chain, when the first request is made.</param>
    /// <exception cref="UserError">Neither region nor endpoint.</exception>
    public static AmazonS3Client Create(S3StoreSettings settings, AWSCredentials? credentials)
    {
        WebIdentity.Enable();
        var config = new AmazonS3Config
        {
            ForcePathStyle = settings.ForcePathStyle,
            MaxErrorRetry = 0,
            ThrottleRetries = false,
            Timeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = settings.Retry.Connect,
            MaxConnectionsPerServer = Math.Max(settings.Parallelism * 2, 16),
            BufferSize = BufferSize,
            RequestChecksumCalculation = settings.ChecksumMode == S3ChecksumMode.WhenSupported
                ? RequestChecksumCalculation.WHEN_SUPPORTED
                : RequestChecksumCalculation.WHEN_REQUIRED,
            // Every byte is checked against its hash further up.
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.UseHttp = endpoint.Scheme == Uri.UriSchemeHttp;
            config.AuthenticationRegion = settings.Region ?? WebIdentity.AnyRegion;
        }
        else if (settings.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        try
        {
            return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
        }
        catch (AmazonClientException failure) when (settings is { Region: null, Endpoint: null })
        {
            throw new UserError(
                $"{settings}: no region is set, in the plan or in the environment",
                "set region (or endpoint, for a store that is not AWS), AWS_REGION, or a profile that has one",
                ExitCode.Usage,
                failure);
        }
    }

    /// <returns>Null where the settings hold none.</returns>
    /// <exception cref="UserError">Half a pair of keys.</exception>
    public static AWSCredentials? Credentials(S3StoreSettings settings) => settings switch
    {
        { AccessKey: null, SecretKey: null } => null,
        { AccessKey: null } or { SecretKey: null } => throw new UserError(
            $"{settings}: an access key and its secret key are both needed, and one is missing",
            "set both, or neither to use the environment, the service account (IRSA, Pod Identity) or a profile",
            ExitCode.Usage),
        _ => Credentials(settings.AccessKey, settings.SecretKey, settings.SessionToken),
    };

    /// <param name="sessionToken">Null for keys that are not temporary.</param>
    public static AWSCredentials Credentials(string accessKey, string secretKey, string? sessionToken) =>
        sessionToken is null ? new BasicAWSCredentials(accessKey, secretKey) : new SessionAWSCredentials(accessKey, secretKey, sessionToken);
}
