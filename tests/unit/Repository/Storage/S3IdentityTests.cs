using System.Text;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.UnitTests.Cluster;

namespace KubectlMlopsBackup.UnitTests.Repository.Storage;

/// <summary>Against a server that answers as AWS' STS is documented to; what a real store without one says is tested against one.</summary>
public sealed class S3IdentityTests : IAsyncLifetime
{
    private const string Arn = "arn:aws:sts::123456789012:assumed-role/mlopsbackup-backup/session";

    private FakeApiServer server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await FakeApiServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Where_the_store_has_an_STS_it_says_whose_the_keys_are()
    {
        var sent = "";
        server.Answer = async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            sent = await reader.ReadToEndAsync(context.RequestAborted);
            context.Response.ContentType = "text/xml";
            await context.Response.Body.WriteAsync(
                Encoding.UTF8.GetBytes($"<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><Arn>{Arn}</Arn><UserId>A:b</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"),
                context.RequestAborted);
        };

        var who = await S3Identity.OfAsync(Settings() with { SessionToken = "a-token" }, Token);

        Assert.Equal(new S3Identity("ASIA********WXYZ", "the plan's credentials", IsTemporary: true, Arn, null), who);
        Assert.Contains("Action=GetCallerIdentity", sent, StringComparison.Ordinal);
        var request = Assert.Single(server.Requests);
        Assert.Contains("Credential=ASIAABCDEFGHIJKLWXYZ/", request.Header("Authorization"), StringComparison.Ordinal);
        Assert.Contains("/eu-north-1/sts/", request.Header("Authorization"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(405)]
    [InlineData(403)]
    [InlineData(200)]
    public async Task Where_it_has_none_the_key_alone_is_told(int status)
    {
        server.Answer = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        var who = await S3Identity.OfAsync(Settings(), Token);

        Assert.Null(who!.Arn);
        Assert.StartsWith(status == 200 ? "" : "the store has no STS", who.Silence, StringComparison.Ordinal);
        Assert.NotEqual("", who.Silence);
        Assert.False(who.IsTemporary);
        Assert.DoesNotContain("not-to-be-told", who.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AKIAABCDEFGHIJKLMNOP", "AKIA********MNOP")]
    [InlineData("minio", "********")]
    [InlineData("", "********")]
    public void A_key_is_masked(string key, string shown) => Assert.Equal(shown, S3Identity.Mask(key));

    private S3StoreSettings Settings() => new()
    {
        Bucket = "backups",
        Endpoint = new Uri(server.Address),
        Region = "eu-north-1",
        AccessKey = "ASIAABCDEFGHIJKLWXYZ",
        SecretKey = "not-to-be-told",
    };
}
