using System.Collections.Concurrent;
using System.Net;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.S3Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace KubectlMlopsBackup.UnitTests.S3Admin;

/// <summary>A store of one bucket that keeps what is set on it, as it was sent. It has no objects.</summary>
internal sealed class FakeBucket : IAsyncDisposable
{
    /// <summary>What AWS answers where nothing is set, by the part of the query that names the setting.</summary>
    private static readonly Dictionary<string, string> Nothing = new()
    {
        ["publicAccessBlock"] = "NoSuchPublicAccessBlockConfiguration",
        ["ownershipControls"] = "OwnershipControlsNotFoundError",
        ["encryption"] = "ServerSideEncryptionConfigurationNotFoundError",
        ["policy"] = "NoSuchBucketPolicy",
        ["lifecycle"] = "NoSuchLifecycleConfiguration",
        ["object-lock"] = "ObjectLockConfigurationNotFoundError",
        ["replication"] = "ReplicationConfigurationNotFoundError",
    };

    private readonly WebApplication application;

    private FakeBucket(WebApplication application) => this.application = application;

    public bool Exists { get; set; } = true;

    /// <summary>By the part of the query that names the setting.</summary>
    public ConcurrentDictionary<string, string> Settings { get; } = [];

    /// <summary>Settings that the store does not know.</summary>
    public HashSet<string> Unknown { get; } = [];

    /// <summary>Settings that may be read, and not written.</summary>
    public HashSet<string> ReadOnly { get; } = [];

    /// <summary>Such as <c>PUT versioning</c>.</summary>
    public ConcurrentQueue<string> Writes { get; } = [];

    public static async Task<FakeBucket> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        var bucket = new FakeBucket(application);
        application.Run(bucket.HandleAsync);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return bucket;
    }

    /// <param name="asAws">The wish is that of a bucket at AWS, though the requests come here.</param>
    public BucketClient Client(bool asAws = true, S3SetupSpec? setup = null, string prefix = "prod/", S3ServerSideEncryption encryption = default, string? key = null)
    {
        var settings = new S3StoreSettings
        {
            Bucket = "backups",
            Prefix = prefix,
            Region = "eu-central-1",
            Endpoint = new Uri(application.Urls.First()),
            ForcePathStyle = true,
            AccessKey = "key",
            SecretKey = "secret",
            Encryption = encryption,
            KmsKeyId = key,
        };
        var repository = new RepositorySpec { Name = "offsite", S3 = new RepositoryS3Spec { Setup = setup } };
        var wish = BucketWish.Of(repository, settings);
        return new BucketClient(new S3Connection(settings, TimeProvider.System), asAws ? wish with { Endpoint = null } : wish);
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var setting = context.Request.Query.Keys.FirstOrDefault(k => k is not "x-id") ?? "";
        var write = context.Request.Method is "PUT";
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (write)
        {
            Writes.Enqueue($"PUT {setting}".TrimEnd());
        }

        if (setting.Length == 0 && write)
        {
            Exists = true;
            return;
        }

        if (!Exists)
        {
            await RefuseAsync(context, HttpStatusCode.NotFound, "NoSuchBucket");
        }
        else if (Unknown.Contains(setting))
        {
            await RefuseAsync(context, HttpStatusCode.NotImplemented, "NotImplemented");
        }
        else if (write && ReadOnly.Contains(setting))
        {
            await RefuseAsync(context, HttpStatusCode.Forbidden, "AccessDenied");
        }
        else if (write)
        {
            Settings[setting] = body;
        }
        else if (Settings.TryGetValue(setting, out var kept))
        {
            context.Response.ContentType = setting == "policy" ? "application/json" : "application/xml";
            await context.Response.WriteAsync(kept);
        }
        else if (Nothing.TryGetValue(setting, out var code))
        {
            await RefuseAsync(context, HttpStatusCode.NotFound, code);
        }
        else
        {
            await context.Response.WriteAsync(setting == "location"
                ? "<LocationConstraint>eu-central-1</LocationConstraint>"
                : "<VersioningConfiguration/>");
        }
    }

    private static async Task RefuseAsync(HttpContext context, HttpStatusCode status, string code)
    {
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>as the test wants it</Message></Error>");
    }
}
