using System.Net;
using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary><c>doctor --local</c> against a real S3 store: faults on the way to it are planted one at a time, and named with their fix.</summary>
[Collection(CliTests.Name)]
public sealed class DoctorStoreTests(PlatformServer server)
{
    private const string OtherUser = "arn:aws:iam:::user/other";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_store_is_told_with_who_asks_and_what_it_does()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await using var platform = await WithAsync(bucket, bucket.Server.Endpoint);
        await platform.InitAsync();

        var report = (await platform.RunAsync("doctor", "-o", "json")).Expect(ExitCode.Done).Json;

        Assert.Empty(Faults(report));
        var key = bucket.Server.AccessKey;
        Says(report, "s3-identity", $"s3: access key {key[..4]}********{key[^4..]}, from the environment; the store has no STS that tells whose it is");
        Says(report, "repository/s3", $"s3://{bucket.Name}/some/prefix at {bucket.Server.Endpoint.GetLeftPart(UriPartial.Authority)}: an object was written, read, listed, deleted; an upload in parts was begun and given up");
        Says(report, "repository/s3", $"s3://{bucket.Name}/some/prefix, checksums: whenRequired: it refuses an object with a wrong SHA-256");
        Assert.Equal([], await UploadsAsync(bucket));
        Assert.DoesNotContain((await bucket.Client.ListObjectsV2Async(new() { BucketName = bucket.Name }, Token)).S3Objects, o => o.Key.Contains("doctor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Planted_faults_are_named_with_their_fix()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        ProxyFault? fault = null;
        await using var proxy = await FaultProxy.StartAsync(bucket.Server.Endpoint, _ => fault, Token);
        await using var platform = await WithAsync(bucket, proxy.Endpoint);
        await platform.InitAsync();
        var (plan, id, secret) = (platform.Plan!, bucket.Server.AccessKey, bucket.Server.SecretKey);
        await FindsOnlyAsync(platform, null, "");

        UseKeys(platform, id, "not-the-secret-key");
        await FindsOnlyAsync(platform, "store-credentials", "check the secret key");
        UseKeys(platform, "AKIANOBODYKNOWSTHIS0", secret);
        await FindsOnlyAsync(platform, "store-credentials", "check the access key");
        platform.Environment["AWS_ACCESS_KEY_ID"] = platform.Environment["AWS_SECRET_ACCESS_KEY"] = "";
        await FindsOnlyAsync(platform, "store-credentials", "AWS_ACCESS_KEY_ID");
        UseKeys(platform, id, secret);

        fault = ProxyFault.ExpiredToken;
        await FindsOnlyAsync(platform, "store-credentials", "a session token is not");
        fault = ProxyFault.Respond(HttpStatusCode.BadRequest, "AuthorizationHeaderMalformed", "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'");
        await FindsOnlyAsync(platform, "store-region", "set region: eu-central-1");
        fault = ProxyFault.Respond(HttpStatusCode.MovedPermanently, "PermanentRedirect");
        await FindsOnlyAsync(platform, "store-region", "set the bucket's own region");
        fault = ProxyFault.Respond(HttpStatusCode.Forbidden, "RequestTimeTooSkewed");
        await FindsOnlyAsync(platform, "clock-skew", "set the clock");
        fault = ProxyFault.AnHourAhead;
        await FindsOnlyAsync(platform, "clock-skew", "timedatectl set-ntp true");
        fault = null;

        platform.Plan = plan with { Repositories = [Repository("no-such-bucket-anywhere", proxy.Endpoint)] };
        await FindsOnlyAsync(platform, "bucket-missing", "s3 setup");
        platform.Plan = plan with { Repositories = [Repository(bucket.Name, new Uri("http://127.0.0.1:1"))] };
        await FindsOnlyAsync(platform, "store-unreachable", "check its host and port");
        platform.Plan = plan with { Repositories = [Repository(bucket.Name, new Uri("http://store.invalid:9000"))] };
        await FindsOnlyAsync(platform, "store-unreachable", "the DNS");
        await using (var secure = await FaultProxy.StartAsync(bucket.Server.Endpoint, _ => null, Token, isSecure: true))
        {
            platform.Plan = plan with { Repositories = [Repository(bucket.Name, secure.Endpoint)] };
            await FindsOnlyAsync(platform, "store-tls", "SSL_CERT_FILE", also: "credentials-expiring");
        }

        platform.Plan = plan;
        await FindsOnlyAsync(platform, null, "");
    }

    [Fact]
    public async Task Rights_that_are_lacking_are_named_each()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await using var platform = await WithAsync(bucket, bucket.Server.Endpoint);
        await platform.InitAsync();
        UseKeys(platform, bucket.Server.OtherAccessKey, bucket.Server.OtherSecretKey);

        await FindsOnlyAsync(platform, "store-refuses", "allow s3:PutObject, s3:ListBucket to this identity");
        string[] all = ["s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:AbortMultipartUpload", "s3:DeleteObject"];
        await GrantAsync(bucket, all);
        await FindsOnlyAsync(platform, null, "");
        // Without s3:GetObject it may read what it wrote itself, and not the repository.
        foreach (var lacking in all[..3])
        {
            await GrantAsync(bucket, all.Where(a => a != lacking));
            await FindsOnlyAsync(platform, "store-refuses", $"allow {lacking}");
        }

        await GrantAsync(bucket, ["s3:GetObject"]);
        await FindsOnlyAsync(platform, "store-refuses", "allow s3:PutObject, s3:ListBucket to this identity");
        await GrantAsync(bucket, all.Where(a => a != "s3:AbortMultipartUpload"));
        var abort = await FindsOnlyAsync(platform, "store-refuses", "allow s3:AbortMultipartUpload to this identity");
        Assert.Equal("warning", abort.GetProperty("verdict").GetString());
        Assert.DoesNotContain("which has no parts", abort.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.Equal([], await UploadsAsync(bucket));
        await GrantAsync(bucket, all[..4]);
        var finding = await FindsOnlyAsync(platform, "store-refuses", "where prune runs with another account");
        Assert.Equal("warning", finding.GetProperty("verdict").GetString());
        // The object of the last look lies there still, and hinders none.
        await FindsOnlyAsync(platform, "store-refuses", "where prune runs with another account");
    }

    [Fact]
    public async Task An_upload_that_could_not_be_given_up_is_named_with_how_it_goes_away()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        // A store that looks at uploads first, and only then at rights.
        await using var proxy = await FaultProxy.StartAsync(
            bucket.Server.Endpoint,
            r => r.Method == "DELETE" && r.Target.Contains("uploadId=2~", StringComparison.Ordinal) ? ProxyFault.Respond(HttpStatusCode.Forbidden, "AccessDenied") : null,
            Token);
        await using var platform = await WithAsync(bucket, proxy.Endpoint);
        await platform.InitAsync();

        var finding = await FindsOnlyAsync(platform, "store-refuses", "s3 setup makes, or by aws s3api abort-multipart-upload");

        var left = Assert.Single(await UploadsAsync(bucket));
        Assert.Contains($"(bucket {bucket.Name}, key some/prefix/doctor/probe, upload {left})", finding.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        await bucket.Client.AbortMultipartUploadAsync(bucket.Name, "some/prefix/doctor/probe", left, Token);
    }

    private static async Task<List<string>> UploadsAsync(TestBucket bucket) =>
        [.. ((await bucket.Client.ListMultipartUploadsAsync(bucket.Name, Token)).MultipartUploads ?? []).Select(u => u.UploadId)];

    private static async Task GrantAsync(TestBucket bucket, IEnumerable<string> actions)
    {
        var list = string.Join(", ", actions.Select(a => $"\"{a}\""));
        await bucket.Client.PutBucketPolicyAsync(
            bucket.Name,
            $$"""{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "{{OtherUser}}"}, "Action": [{{list}}], "Resource": ["arn:aws:s3:::{{bucket.Name}}", "arn:aws:s3:::{{bucket.Name}}/*"]}]}""",
            Token);
    }

    /// <param name="fault">Null where there must be none.</param>
    /// <param name="also">Another that comes with it.</param>
    /// <returns>The worst of them.</returns>
    private static async Task<JsonElement> FindsOnlyAsync(Platform platform, string? fault, string fix, string? also = null)
    {
        var result = await platform.RunAsync("doctor", "-o", "json");
        var faults = Faults(result.Json).Where(f => f.GetProperty("fault").GetString() != also).ToList();
        Assert.DoesNotContain("not-the-secret-key", result.Output, StringComparison.Ordinal);
        if (fault is null)
        {
            Assert.True(faults.Count == 0, result.Output);
            return default;
        }

        Assert.True(faults.Count > 0 && faults.TrueForAll(f => f.GetProperty("fault").GetString() == fault), $"wanted {fault}\n{result.Output}");
        Assert.Contains(faults, f => f.GetProperty("fix").GetString()!.Contains(fix, StringComparison.Ordinal));
        Assert.Equal(faults[0].GetProperty("verdict").GetString() == "problem" ? ExitCode.CheckFailed : ExitCode.Done, (ExitCode)result.Code);
        return faults[0];
    }

    private static List<JsonElement> Faults(JsonElement report) =>
        [.. report.GetProperty("findings").EnumerateArray().Where(f => f.TryGetProperty("fault", out var id) && id.GetString() is not (null or "key-not-escrowed"))];

    private static void Says(JsonElement report, string check, string evidence) => Assert.Contains(
        report.GetProperty("findings").EnumerateArray(),
        f => f.GetProperty("check").GetString() == check && f.GetProperty("evidence").GetString() == evidence);

    private async Task<Platform> WithAsync(TestBucket bucket, Uri endpoint)
    {
        var platform = await Platform.CreateAsync(server);
        platform.Plan = platform.Plan! with { Repositories = [Repository(bucket.Name, endpoint)] };
        // Else what is to be had of this machine's own cloud would be waited for.
        platform.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        UseKeys(platform, bucket.Server.AccessKey, bucket.Server.SecretKey);
        return platform;
    }

    private static string Repository(string bucket, Uri endpoint) => $"{{name: s3, s3: {{bucket: {bucket}, prefix: some/prefix, endpoint: \"{endpoint}\"}}}}";

    private static void UseKeys(Platform platform, string id, string secret)
    {
        platform.Environment["AWS_ACCESS_KEY_ID"] = id;
        platform.Environment["AWS_SECRET_ACCESS_KEY"] = secret;
    }
}
