using Amazon.Runtime;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.UnitTests.Cluster;
using Microsoft.AspNetCore.Http;

namespace KubectlMlopsBackup.UnitTests.Repository.Storage;

/// <summary>Credentials that have expired: those that can be renewed are worth another try.</summary>
public sealed class S3ConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("once-written-down", 1, "put new keys and a new session token")]
    [InlineData(null, 3, "renew them")]
    public async Task A_session_token_that_has_expired_fails_at_once_with_what_to_do(string? sessionToken, int requests, string fix)
    {
        await using var server = await FakeApiServer.StartAsync();
        server.Answer = async context =>
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync("<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>");
        };
        using var store = new S3Store(
            new S3StoreSettings
            {
                Bucket = "backups",
                Endpoint = new Uri(server.Address),
                ForcePathStyle = true,
                AccessKey = "AKIA",
                SecretKey = "hush-hush",
                SessionToken = sessionToken,
                Retry = new S3RetryOptions { Tries = 3, FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(1) },
            },
            TimeProvider.System);

        var error = await Assert.ThrowsAsync<UserError>(() => store.ReadAsync("a", 0, new byte[1], Token));

        Assert.Contains("the credentials have expired", error.Message, StringComparison.Ordinal);
        Assert.Contains(fix, error.Fix, StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public void Only_a_token_that_nobody_renews_is_given_up()
    {
        Assert.False(S3Connection.MayRenew(new SessionAWSCredentials("AKIA", "hush-hush", "token")));
        Assert.True(S3Connection.MayRenew(new Renewed()));
        // What the store says of keys without a token is not about them.
        Assert.True(S3Connection.MayRenew(new BasicAWSCredentials("AKIA", "hush-hush")));
        Assert.True(S3Connection.MayRenew(null));
    }

    /// <summary>As a role's, of which the SDK gets new ones.</summary>
    private sealed class Renewed : RefreshingAWSCredentials
    {
        protected override CredentialsRefreshState GenerateNewCredentials() => new(new ImmutableCredentials("AKIA", "hush-hush", "token"), DateTime.UtcNow.AddHours(1));
    }
}
