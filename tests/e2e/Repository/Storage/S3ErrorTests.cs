using System.Net;
using System.Net.Sockets;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.EndToEndTests.Repository.Storage;

/// <summary>What a wrong setting looks like to the user: told once, clearly, by every operation, and without a secret.</summary>
public sealed class S3ErrorTests
{
    private static readonly byte[] Content = new byte[100];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_bucket_is_no_repository()
    {
        await ExpectAsync(
            S3Server.Require().Settings("no-such-bucket-anywhere"), ExitCode.NoRepository, "there is no bucket no-such-bucket-anywhere");
    }

    [Fact]
    public async Task An_unknown_access_key_is_named_as_the_cause()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await ExpectAsync(bucket.Settings with { AccessKey = "AKIANOBODY" }, ExitCode.Failed, "does not know the access key");
    }

    [Fact]
    public async Task A_wrong_secret_key_is_named_as_the_cause()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await ExpectAsync(bucket.Settings with { SecretKey = "wrong-secret" }, ExitCode.Failed, "does not fit the access key");
    }

    [Fact]
    public async Task A_bucket_of_somebody_else_names_the_action_and_the_key()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        var settings = bucket.Settings with { AccessKey = bucket.Server.OtherAccessKey, SecretKey = bucket.Server.OtherSecretKey };
        await ExpectAsync(settings, ExitCode.Failed, "access denied: s3:");

        using var store = new S3Store(settings, TimeProvider.System);
        var error = await Assert.ThrowsAsync<UserError>(() => store.ReadAsync("packs/a", 0, new byte[1], Token));
        Assert.Contains("s3:GetObject on some/prefix/packs/a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_unreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await ExpectAsync(
            S3Server.Require().Settings("bucket") with { Endpoint = new Uri($"http://127.0.0.1:{port}") },
            ExitCode.Failed,
            "cannot be reached");
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_unreachable() => await ExpectAsync(
        S3Server.Require().Settings("bucket") with { Endpoint = new Uri("http://store.invalid:9000") },
        ExitCode.Failed,
        "cannot be reached");

    [Fact]
    public async Task Https_where_http_is_spoken_is_no_secure_connection()
    {
        var server = S3Server.Require();
        var endpoint = new UriBuilder(server.Endpoint) { Scheme = Uri.UriSchemeHttps }.Uri;
        await ExpectAsync(server.Settings("bucket") with { Endpoint = endpoint }, ExitCode.Failed, "no secure connection");
    }

    [Fact]
    public async Task No_credentials_tells_where_they_were_looked_for()
    {
        // The instance's metadata service would be waited for.
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        await ExpectAsync(
            S3Server.Require().Settings("bucket") with { AccessKey = null, SecretKey = null },
            ExitCode.Failed,
            "AWS_WEB_IDENTITY_TOKEN_FILE");
    }

    [Fact]
    public void Half_a_pair_of_keys_is_a_usage_error()
    {
        var settings = new S3StoreSettings { Bucket = "b", AccessKey = "AKIAONLY" };
        Assert.Equal(ExitCode.Usage, Assert.Throws<UserError>(() => new S3Store(settings, TimeProvider.System)).Code);
    }

    private static async Task ExpectAsync(S3StoreSettings settings, ExitCode code, string message)
    {
        Func<S3Store, Task>[] operations =
        [
            store => store.PutAsync("packs/a", Content, Token),
            store => store.ReadAsync("packs/a", 0, new byte[1], Token),
            store => store.SizeAsync("packs/a", Token),
            store => store.DeleteAsync("packs/a", Token),
            async store => await store.ListAsync("packs/", Token).ToListAsync(Token),
        ];
        foreach (var operation in operations)
        {
            using var store = new S3Store(settings, TimeProvider.System);
            var error = await Assert.ThrowsAsync<UserError>(() => operation(store));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Contains(store.Location, error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.Fix);
            Assert.Equal(code, error.Code);
            Assert.DoesNotContain(settings.SecretKey ?? "secretmain", error.ToString(), StringComparison.Ordinal);
        }
    }
}
