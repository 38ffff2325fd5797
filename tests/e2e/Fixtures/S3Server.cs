using Amazon.Runtime;
using Amazon.S3;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>The S3 server that <c>tests/servers/s3/up.sh</c> started, as its environment lines describe it.</summary>
internal sealed class S3Server
{
    private const string Prefix = "MLOPSBACKUP_TEST_S3_";

    private S3Server(Uri endpoint) => Endpoint = endpoint;

    public Uri Endpoint { get; }

    public string AccessKey { get; } = Variable("ACCESS_KEY");

    public string SecretKey { get; } = Variable("SECRET_KEY");

    /// <summary>A user who owns nothing of the tests.</summary>
    public string OtherAccessKey { get; } = Variable("OTHER_ACCESS_KEY");

    public string OtherSecretKey { get; } = Variable("OTHER_SECRET_KEY");

    /// <summary>Skips the test where there is no server.</summary>
    public static S3Server Require()
    {
        var endpoint = Environment.GetEnvironmentVariable(Prefix + "ENDPOINT");
        if (string.IsNullOrEmpty(endpoint))
        {
            Assert.Skip($"{Prefix}ENDPOINT is not set: `export $(tests/servers/s3/up.sh)` starts an S3 server; `make test` does it");
        }

        return new S3Server(new Uri(endpoint!));
    }

    public S3StoreSettings Settings(string bucket) => new()
    {
        Bucket = bucket,
        Prefix = "some/prefix",
        Endpoint = Endpoint,
        ForcePathStyle = true,
        AccessKey = AccessKey,
        SecretKey = SecretKey,
        Retry = new S3RetryOptions { FirstDelay = TimeSpan.FromMilliseconds(5), LongestDelay = TimeSpan.FromMilliseconds(100) },
    };

    /// <summary>For what the product has no call for.</summary>
    public AmazonS3Client Client() => new(
        new BasicAWSCredentials(AccessKey, SecretKey),
        new AmazonS3Config
        {
            ServiceURL = Endpoint.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(Prefix + name)
        ?? throw new InvalidOperationException($"{Prefix}ENDPOINT is set but {Prefix}{name} is not");
}
