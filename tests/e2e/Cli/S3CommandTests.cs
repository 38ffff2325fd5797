using System.Text.Json;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary><c>s3 setup</c>, <c>check</c> and <c>policy</c> against a real store, whose abilities are not all of AWS.</summary>
[Collection(CliTests.Name)]
public sealed class S3CommandTests(PlatformServer server)
{
    private const string OtherUser = "arn:aws:iam:::user/other";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_is_set_up_once_checked_and_found_when_it_drifts()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await using var platform = await WithAsync(bucket, bucket.Server.Endpoint);

        var drift = (await platform.RunAsync("s3", "check", "--no-probe", "-o", "json")).Expect(ExitCode.CheckFailed).Json[0];
        Assert.Equal("differs", State(drift, "versioning"));
        Assert.Equal("differs", State(drift, "lifecycle"));
        Assert.Equal(0, drift.GetProperty("abilities").GetArrayLength());

        var plan = (await platform.DoneAsync("s3", "setup", "--dry-run", "-o", "json")).Json[0];
        Assert.Equal("differs", State(plan, "versioning"));
        Assert.Equal("off", Current((await platform.RunAsync("s3", "check", "--no-probe", "-o", "json")).Json[0], "versioning"));

        var first = (await platform.DoneAsync("s3", "setup", "-o", "json")).Json[0];
        Assert.Equal("changed", State(first, "versioning"));
        Assert.Equal("changed", State(first, "lifecycle"));
        Assert.Equal("changed", State(first, "public access"));
        // The test's store speaks plain http and has no keys to encrypt with.
        Assert.Equal("left", State(first, "TLS only"));
        Assert.Equal("left", State(first, "encryption"));
        var second = (await platform.DoneAsync("s3", "setup", "-o", "json")).Json[0];
        Assert.DoesNotContain("changed", second.GetProperty("settings").EnumerateArray().Select(s => s.GetProperty("state").GetString()));

        var check = await platform.RunAsync("s3", "check", "-o", "json");
        var report = check.Json[0];
        var abilities = report.GetProperty("abilities").EnumerateArray().ToDictionary(a => a.GetProperty("ability").GetString()!);
        Assert.All(
            new[] { "objects", "consistent lists", "conditional writes", "checksums", "uploads in parts", "versioning", "clock" },
            name => Assert.True(abilities[name].GetProperty("works").GetBoolean(), $"{name}: {abilities[name]}"));
        Assert.Contains("412", abilities["conditional writes"].GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.False(abilities["object lock"].GetProperty("works").GetBoolean());
        Assert.Contains("write-only", abilities["object lock"].GetProperty("without").GetString(), StringComparison.Ordinal);
        Assert.Empty((await bucket.Client.ListVersionsAsync(bucket.Name, Token)).Versions ?? []);
        Assert.Equal(ExitCode.Done, (ExitCode)check.Code);

        await bucket.Client.PutBucketVersioningAsync(
            new() { BucketName = bucket.Name, VersioningConfig = new() { Status = Amazon.S3.VersionStatus.Suspended } }, Token);
        var table = (await platform.RunAsync("s3", "check")).Expect(ExitCode.CheckFailed).Output;
        Assert.Contains("DIFFERS", table, StringComparison.Ordinal);
        Assert.Contains("s3 setup --dry-run", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_store_has_not_is_said_and_hides_nothing()
    {
        var s3 = S3Server.Require();
        var name = $"test-{Guid.NewGuid():n}";
        await using var platform = await WithAsync(s3, name, s3.Endpoint, "setup: {objectLock: {days: 1}, replication: {bucket: elsewhere}}, ", "{keepLast: 3}");
        try
        {
            (await platform.RunAsync("s3", "check")).Expect(ExitCode.NoRepository).SaysWithFix("there is no bucket", "s3 setup");
            var report = (await platform.RunAsync("s3", "setup", "-o", "json")).Json[0];
            Assert.Equal("changed", State(report, "bucket"));
            Assert.Equal("changed", State(report, "object lock"));
            Assert.Contains(State(report, "replication"), new[] { "unsupported", "failed" });
            Assert.Equal("changed", State(report, "lifecycle"));
            Assert.NotEqual(0, report.GetProperty("exitCode").GetInt32());

            var checkedStore = (await platform.RunAsync("s3", "check", "-o", "json")).Expect(ExitCode.CheckFailed);
            var locked = checkedStore.Json[0].GetProperty("abilities").EnumerateArray().Single(a => a.GetProperty("ability").GetString() == "object lock");
            Assert.True(locked.GetProperty("works").GetBoolean(), locked.ToString());
            checkedStore.Says("small objects of this check stay");
        }
        finally
        {
            await RemoveLockedAsync(s3, name);
        }
    }

    [Fact]
    public async Task Keys_that_may_not_ask_are_told_so_setting_by_setting()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await using var platform = await WithAsync(bucket, bucket.Server.Endpoint);
        UseKeys(platform, bucket.Server.OtherAccessKey, bucket.Server.OtherSecretKey);

        (await platform.RunAsync("s3", "setup")).Expect(ExitCode.Failed).SaysWithFix("access denied");
        (await platform.RunAsync("s3", "setup", "--print", "cdk")).Expect(ExitCode.Usage).SaysWithFix("aws-cli or terraform");
        (await platform.RunAsync("s3", "policy", "admin")).Expect(ExitCode.Usage).SaysWithFix("there is no role admin");
        (await platform.RunAsync("s3", "policy", "--repository", "nowhere")).Expect(ExitCode.Usage).SaysWithFix("no repository nowhere");
    }

    /// <summary>
    /// Someone else gets exactly a role's policy, which the store itself enforces, and does the role's work with it: so it suffices. The requests
    /// are recorded, and each right was needed by one of them: so there is nothing more in it.
    /// </summary>
    [Fact]
    public async Task Each_role_can_do_its_work_with_its_policy_and_needs_all_of_it()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await using var proxy = await FaultProxy.StartAsync(bucket.Server.Endpoint, _ => null, Token);
        await using var platform = await WithAsync(bucket, proxy.Endpoint, artifacts: true);
        UseKeys(platform, bucket.Server.AccessKey, bucket.Server.SecretKey);
        await UploadAsync(platform, bucket);
        await platform.InitAsync();
        UseKeys(platform, bucket.Server.OtherAccessKey, bucket.Server.OtherSecretKey);
        (await platform.RunAsync("backup", "all", "--no-mirror")).Expect(ExitCode.Failed).Says("access denied");

        await ActAsAsync(platform, bucket, proxy, "backup", [], ["backup", "all"], ["backup", "all", "--prune"]);
        await ActAsAsync(platform, bucket, proxy, "verify", [], ["verify", "data"]);
        await ActAsAsync(platform, bucket, proxy, "prune", [], ["prune"]);
        // Something to write, something to look at more closely, and something to take away.
        await bucket.Client.PutObjectAsync(new() { BucketName = bucket.Name, Key = "mlflow/1/b", ContentBody = new string('x', 1 + platform.Database.Length) }, Token);
        await bucket.Client.DeleteObjectAsync(bucket.Name, "mlflow/1/a", Token);
        await bucket.Client.PutObjectAsync(new() { BucketName = bucket.Name, Key = "mlflow/1/c", ContentBody = "new" }, Token);
        await ActAsAsync(platform, bucket, proxy, "restore", [], ["restore", "all", "--yes", "--delete"], ["list"], ["restore", "artifacts", "--dry-run"]);
    }

    [Fact]
    public async Task Backups_with_write_only_rights_work_and_cannot_delete_or_prune()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await using var proxy = await FaultProxy.StartAsync(bucket.Server.Endpoint, _ => null, Token);
        await using var platform = await WithAsync(bucket, proxy.Endpoint, more: "  kubernetes: {pruneSchedule: \"0 5 * * *\"}");
        UseKeys(platform, bucket.Server.AccessKey, bucket.Server.SecretKey);
        await platform.InitAsync();
        UseKeys(platform, bucket.Server.OtherAccessKey, bucket.Server.OtherSecretKey);

        var policy = await ActAsAsync(platform, bucket, proxy, "backup", ["--write-only"], ["backup", "all"], ["backup", "all"]);

        Assert.DoesNotContain(policy, s => Texts(s["Action"]).Contains("s3:DeleteObject"));
        (await platform.RunAsync("prune")).Expect(ExitCode.Failed).Says("access denied", "s3:DeleteObject");
        Assert.Equal(4, (await platform.SnapshotsAsync()).Length);
    }

    /// <returns>The policy's statements.</returns>
    private static async Task<List<JsonObject>> ActAsAsync(
        Platform platform, TestBucket bucket, FaultProxy proxy, string role, string[] options, params string[][] work)
    {
        var policy = JsonNode.Parse((await platform.DoneAsync(["s3", "policy", role, .. options])).Output)!;
        var statements = policy["Statement"]!.AsArray().Select(s => s!.AsObject()).ToList();
        await GrantAsync(bucket, statements);
        var before = proxy.Requests.Count;
        foreach (var command in work)
        {
            var ended = await platform.RunAsync(command);
            Assert.True(ended.Code is (int)ExitCode.Done, $"as {role}: {ended.Command}: {ended.Code}\n{ended.Output}\n{ended.Error}");
        }

        var requests = proxy.Requests.Skip(before).Select(S3Request.Of).Distinct().ToList();
        Assert.All(requests, r => Assert.True(statements.Any(s => Allows(s, r)), $"{role} does {r}, which its policy does not allow"));
        foreach (var statement in statements.Where(s => (string?)s["Effect"] == "Allow"))
        {
            // Only after a failure in the middle of an upload.
            foreach (var action in Texts(statement["Action"]).Where(a => a is not "s3:AbortMultipartUpload"))
            {
                Assert.True(
                    requests.Any(r => r.Action == action && Allows(statement, r)),
                    $"the policy of {role} allows {action} on {statement["Resource"]!.ToJsonString()}, which nothing did");
            }
        }

        return statements;
    }

    /// <summary>As a policy of the bucket: the store knows no other for the user.</summary>
    private static async Task GrantAsync(TestBucket bucket, IEnumerable<JsonObject> statements)
    {
        var granted = new JsonArray();
        foreach (var statement in statements)
        {
            var copy = statement.DeepClone().AsObject();
            copy["Principal"] = new JsonObject { ["AWS"] = OtherUser };
            granted.Add((JsonNode)copy);
        }

        await bucket.Client.PutBucketPolicyAsync(
            bucket.Name, new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = granted }.ToJsonString(), Token);
    }

    private static bool Allows(JsonObject statement, S3Request request) =>
        (string?)statement["Effect"] == "Allow"
        && Texts(statement["Action"]).Contains(request.Action)
        && Texts(statement["Resource"]).Any(r => S3Request.Matches(r, request.Resource) || (request.IsBatch && r.StartsWith(request.Resource[..^1], StringComparison.Ordinal)))
        && (statement["Condition"] is not { } condition || request.Prefix is null
            || Texts(condition["StringLikeIfExists"]!["s3:prefix"]).Any(p => S3Request.Matches(p, request.Prefix)));

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonArray many => many.Select(n => (string)n!),
        null => [],
        _ => [(string)node!],
    };

    private Task<Platform> WithAsync(TestBucket bucket, Uri endpoint, bool artifacts = false, string more = "") =>
        WithAsync(bucket.Server, bucket.Name, endpoint, "", "{keepLast: 1}", artifacts, more);

    private async Task<Platform> WithAsync(
        S3Server s3, string bucket, Uri endpoint, string setup, string retention, bool artifacts = false, string more = "")
    {
        var platform = await Platform.CreateAsync(server);
        platform.Plan = platform.Plan! with
        {
            Repositories = [$"{{name: s3, retention: {retention}, s3: {{bucket: {bucket}, prefix: some/prefix, {setup}endpoint: \"{endpoint}\"}}}}"],
            Artifacts = artifacts ? $"{{s3: {{bucket: {bucket}, prefix: mlflow, endpoint: \"{endpoint}\"}}}}" : platform.Plan.Artifacts,
            More = more,
        };
        UseKeys(platform, s3.AccessKey, s3.SecretKey);
        return platform;
    }

    private static void UseKeys(Platform platform, string id, string secret)
    {
        platform.Environment["AWS_ACCESS_KEY_ID"] = id;
        platform.Environment["AWS_SECRET_ACCESS_KEY"] = secret;
    }

    /// <summary>Two artifacts, one of which a restore takes away again.</summary>
    private static async Task UploadAsync(Platform platform, TestBucket bucket)
    {
        foreach (var name in new[] { "a", "b" })
        {
            await bucket.Client.PutObjectAsync(new() { BucketName = bucket.Name, Key = $"mlflow/1/{name}", ContentBody = name + platform.Database }, Token);
        }
    }

    private static string State(JsonElement report, string setting) => Setting(report, setting).GetProperty("state").GetString()!;

    private static string Current(JsonElement report, string setting) => Setting(report, setting).GetProperty("current").GetString()!;

    private static JsonElement Setting(JsonElement report, string setting) =>
        report.GetProperty("settings").EnumerateArray().Single(s => s.GetProperty("setting").GetString() == setting);

    private static async Task RemoveLockedAsync(S3Server s3, string bucket)
    {
        using var client = s3.Client();
        foreach (var version in (await client.ListVersionsAsync(bucket, CancellationToken.None)).Versions ?? [])
        {
            await client.DeleteObjectAsync(
                new() { BucketName = bucket, Key = version.Key, VersionId = version.VersionId, BypassGovernanceRetention = true }, CancellationToken.None);
        }

        await client.DeleteBucketAsync(bucket, CancellationToken.None);
    }
}
