using System.Text.Json.Nodes;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.S3Admin;
using KubectlMlopsBackup.S3Admin.Settings;

namespace KubectlMlopsBackup.UnitTests.S3Admin;

public sealed class BucketSetupTests
{
    private static readonly S3SetupSpec Everything = new()
    {
        NoncurrentDays = 45,
        ObjectLock = new S3ObjectLockSpec { Mode = S3ObjectLockSpec.Compliance, Days = 90 },
        Replication = new S3ReplicationSpec { Bucket = "elsewhere", Role = "arn:aws:iam::123456789012:role/r", StorageClass = "GLACIER_IR" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_is_made_and_everything_set_once_and_the_second_time_nothing_is_written()
    {
        await using var fake = await FakeBucket.StartAsync();
        fake.Exists = false;
        var client = fake.Client(setup: Everything);

        var first = await new BucketSetup(client).ApplyAsync(Token);
        var written = fake.Writes.ToList();
        var second = await new BucketSetup(client).ApplyAsync(Token);

        Assert.All(first, s => Assert.Equal(SettingState.Changed, s.State));
        Assert.Equal(9, first.Count);
        Assert.Equal(
            ["PUT", "PUT publicAccessBlock", "PUT ownershipControls", "PUT versioning", "PUT encryption", "PUT policy", "PUT lifecycle", "PUT object-lock", "PUT replication"],
            written);
        Assert.All(second, s => Assert.Equal((SettingState.Ok, s.Setting), (s.State, s.Setting)));
        Assert.Equal(written.Count, fake.Writes.Count);
        Assert.Contains("<NoncurrentDays>45</NoncurrentDays>", fake.Settings["lifecycle"], StringComparison.Ordinal);
        Assert.DoesNotContain("<Expiration><Days>", fake.Settings["lifecycle"], StringComparison.Ordinal);
        Assert.Contains("<Mode>COMPLIANCE</Mode>", fake.Settings["object-lock"], StringComparison.Ordinal);
        Assert.Contains("<DeleteMarkerReplication><Status>Disabled", fake.Settings["replication"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing_with_a_bucket_and_without()
    {
        await using var fake = await FakeBucket.StartAsync();
        var client = fake.Client();

        var there = await new BucketSetup(client).CompareAsync(Token);
        fake.Exists = false;
        var missing = await new BucketSetup(client).CompareAsync(Token);

        Assert.Empty(fake.Writes);
        Assert.Equal(SettingState.Ok, there[0].State);
        Assert.Equal(6, there.Count(s => s.State == SettingState.Differs));
        Assert.Equal("not there", missing[0].Current);
        Assert.All(missing, s => Assert.Equal(SettingState.Differs, s.State));
    }

    [Fact]
    public async Task What_is_set_otherwise_later_is_found()
    {
        await using var fake = await FakeBucket.StartAsync();
        var client = fake.Client();
        await new BucketSetup(client).ApplyAsync(Token);
        fake.Settings["versioning"] = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>";
        fake.Settings["publicAccessBlock"] = fake.Settings["publicAccessBlock"].Replace("<BlockPublicPolicy>true", "<BlockPublicPolicy>false", StringComparison.Ordinal);

        var drift = (await new BucketSetup(client).CompareAsync(Token)).Where(s => s.State != SettingState.Ok).ToList();

        Assert.Equal(["public access", "versioning"], drift.Select(d => d.Setting));
        Assert.Equal("blocked but for BlockPublicPolicy", drift[0].Current);
        Assert.Equal("Suspended", drift[1].Current);
    }

    [Fact]
    public async Task What_the_store_has_not_and_what_may_not_be_done_hide_nothing_else()
    {
        await using var fake = await FakeBucket.StartAsync();
        fake.Unknown.Add("replication");
        fake.Unknown.Add("ownershipControls");
        fake.ReadOnly.Add("policy");
        var reports = await new BucketSetup(fake.Client(setup: Everything)).ApplyAsync(Token);
        var states = reports.ToDictionary(r => r.Setting);

        Assert.Equal(SettingState.Unsupported, states["replication"].State);
        Assert.Contains("NotImplemented (HTTP 501)", states["replication"].Note, StringComparison.Ordinal);
        Assert.Equal(SettingState.Unsupported, states["ownership"].State);
        Assert.Equal(SettingState.Failed, states["TLS only"].State);
        Assert.Contains("s3:PutBucketPolicy", states["TLS only"].Note, StringComparison.Ordinal);
        Assert.All(
            new[] { "public access", "versioning", "encryption", "lifecycle", "object lock" },
            s => Assert.Equal(SettingState.Changed, states[s].State));
    }

    [Fact]
    public async Task Statements_of_others_in_the_policy_stay()
    {
        const string Theirs = """{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":["s3:GetObject"],"Resource":"arn:aws:s3:::backups/public/*"}""";
        await using var fake = await FakeBucket.StartAsync();
        fake.Settings["policy"] = $$"""{"Version":"2008-10-17","Id":"keep-me","Statement":[{{Theirs}},{"Sid":"{{TlsPolicy.Sid}}","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*"}]}""";

        await new BucketSetup(fake.Client()).ApplyAsync(Token);

        var policy = JsonNode.Parse(fake.Settings["policy"])!;
        var statements = policy["Statement"]!.AsArray();
        Assert.Equal("keep-me", (string?)policy["Id"]);
        Assert.Equal("2008-10-17", (string?)policy["Version"]);
        Assert.Equal(2, statements.Count);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Theirs), statements[0]));
        Assert.True(TlsPolicy.Has(policy.AsObject(), "arn:aws:s3:::backups"));
    }

    [Fact]
    public async Task A_policy_that_refuses_plain_requests_already_is_not_written()
    {
        await using var fake = await FakeBucket.StartAsync();
        fake.Settings["policy"] =
            """{"Version":"2012-10-17","Statement":{"Sid":"x","Effect":"Deny","Principal":{"AWS":"*"},"Action":["s3:*"],"Resource":["arn:aws:s3:::backups","arn:aws:s3:::backups/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}}""";

        var reports = await new BucketSetup(fake.Client()).ApplyAsync(Token);

        Assert.Equal(SettingState.Ok, reports.Single(r => r.Setting == "TLS only").State);
        Assert.DoesNotContain("PUT policy", fake.Writes);
    }

    [Theory]
    [InlineData("""{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::backups/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}""")]
    [InlineData("""{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}""")]
    [InlineData("""{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}""")]
    [InlineData("""{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"},"StringEquals":{"aws:SourceVpc":"vpc-1"}}}""")]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}""")]
    public void A_statement_that_refuses_less_does_not_count(string statement) => Assert.False(
        TlsPolicy.Has(TlsPolicy.Parse($$"""{"Statement":[{{statement}}]}""")!, "arn:aws:s3:::backups"));

    [Fact]
    public async Task Rules_of_others_stay_and_those_that_would_delete_backups_are_refused()
    {
        const string Harmless = "<Rule><ID>logs</ID><Status>Enabled</Status><Filter><Prefix>logs/</Prefix></Filter><Expiration><Days>5</Days></Expiration></Rule>";
        await using var fake = await FakeBucket.StartAsync();
        fake.Settings["lifecycle"] = $"<LifecycleConfiguration>{Harmless}</LifecycleConfiguration>";
        await new BucketSetup(fake.Client()).ApplyAsync(Token);
        var merged = fake.Settings["lifecycle"];

        Assert.Contains("<ID>logs</ID>", merged, StringComparison.Ordinal);
        Assert.Contains("<Prefix>logs/</Prefix>", merged, StringComparison.Ordinal);
        Assert.Equal(1, merged.Split("<Days>5</Days>").Length - 1);
        Assert.Contains("mlopsbackup-noncurrent-prod", merged, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup-multipart-prod", merged, StringComparison.Ordinal);

        fake.Settings["lifecycle"] = merged.Replace("<Prefix>logs/</Prefix>", "<Prefix>prod/packs/</Prefix>", StringComparison.Ordinal);
        fake.Writes.Clear();
        var refused = (await new BucketSetup(fake.Client()).ApplyAsync(Token)).Single(s => s.Setting == "lifecycle");

        Assert.Equal(SettingState.Refused, refused.State);
        Assert.Contains("rule \"logs\" deletes live objects after 5 d", refused.Note, StringComparison.Ordinal);
        Assert.Contains("shared between nights", refused.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("PUT lifecycle", fake.Writes);
    }

    [Theory]
    [InlineData("<Filter><Prefix></Prefix></Filter><Expiration><Days>1</Days></Expiration>", true)]
    [InlineData("<Prefix>pro</Prefix><Expiration><Date>2030-01-01T00:00:00Z</Date></Expiration>", true)]
    [InlineData("<Filter><And><Prefix>prod/index/</Prefix><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></And></Filter><Expiration><Days>1</Days></Expiration>", true)]
    [InlineData("<Filter><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></Filter><Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>", true)]
    [InlineData("<Filter/><Transition><Days>0</Days><StorageClass>INTELLIGENT_TIERING</StorageClass></Transition>", false)]
    [InlineData("<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><Expiration><Days>1</Days></Expiration>", false)]
    [InlineData("<Filter><And><Prefix>prod/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Expiration><Days>1</Days></Expiration>", false)]
    [InlineData("<Filter><Prefix>production/</Prefix></Filter><Expiration><Days>1</Days></Expiration>", false)]
    [InlineData("<Filter><Prefix></Prefix></Filter><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>", false)]
    public async Task A_rule_is_dangerous_where_it_touches_live_objects_of_the_repository(string rule, bool dangerous)
    {
        await using var fake = await FakeBucket.StartAsync();
        fake.Settings["lifecycle"] = $"<LifecycleConfiguration><Rule><ID>r</ID><Status>Enabled</Status>{rule}</Rule></LifecycleConfiguration>";
        var enabled = (await new BucketSetup(fake.Client()).CompareAsync(Token)).Single(s => s.Setting == "lifecycle");
        fake.Settings["lifecycle"] = fake.Settings["lifecycle"].Replace("Enabled", "Disabled", StringComparison.Ordinal);
        var disabled = (await new BucketSetup(fake.Client()).CompareAsync(Token)).Single(s => s.Setting == "lifecycle");

        Assert.Equal(dangerous ? SettingState.Refused : SettingState.Differs, enabled.State);
        Assert.Equal(SettingState.Differs, disabled.State);
    }

    [Fact]
    public async Task Two_repositories_in_a_bucket_have_rules_of_their_own()
    {
        await using var fake = await FakeBucket.StartAsync();
        await new BucketSetup(fake.Client(prefix: "a/b")).ApplyAsync(Token);
        await new BucketSetup(fake.Client(prefix: "c")).ApplyAsync(Token);

        Assert.Equal(4, fake.Settings["lifecycle"].Split("<ID>").Length - 1);
        Assert.All(await new BucketSetup(fake.Client(prefix: "a/b")).CompareAsync(Token), s => Assert.Equal(SettingState.Ok, s.State));
    }

    [Fact]
    public async Task A_lock_is_never_made_weaker()
    {
        const string Locked = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Years>1</Years></DefaultRetention></Rule></ObjectLockConfiguration>";
        await using var fake = await FakeBucket.StartAsync();
        fake.Settings["object-lock"] = Locked;
        foreach (var wanted in new[] { new S3ObjectLockSpec { Days = 400 }, new S3ObjectLockSpec { Mode = S3ObjectLockSpec.Compliance, Days = 90 } })
        {
            var report = (await new BucketSetup(fake.Client(setup: new S3SetupSpec { ObjectLock = wanted })).ApplyAsync(Token)).Single(s => s.Setting == "object lock");
            Assert.Equal(SettingState.Left, report.State);
            Assert.Equal("compliance, 365 d", report.Current);
        }

        Assert.Equal(Locked, fake.Settings["object-lock"]);
    }

    [Fact]
    public async Task Off_AWS_nothing_is_set_that_would_shut_backups_out()
    {
        await using var fake = await FakeBucket.StartAsync();
        var reports = (await new BucketSetup(fake.Client(asAws: false)).ApplyAsync(Token)).ToDictionary(r => r.Setting);

        // Over plain http, and with no keys to encrypt with.
        Assert.Equal(SettingState.Left, reports["TLS only"].State);
        Assert.Equal(SettingState.Left, reports["encryption"].State);
        Assert.DoesNotContain("PUT policy", fake.Writes);
        Assert.DoesNotContain("PUT encryption", fake.Writes);
    }

    [Fact]
    public async Task A_KMS_key_is_the_bucket_default_and_its_ARN_counts_as_its_id()
    {
        await using var fake = await FakeBucket.StartAsync();
        var client = fake.Client(encryption: S3ServerSideEncryption.Kms, key: "1234");
        await new BucketSetup(client).ApplyAsync(Token);
        Assert.Contains("<BucketKeyEnabled>true</BucketKeyEnabled>", fake.Settings["encryption"], StringComparison.Ordinal);
        fake.Settings["encryption"] = fake.Settings["encryption"].Replace(">1234<", ">arn:aws:kms:eu-central-1:1:key/1234<", StringComparison.Ordinal);

        Assert.All(await new BucketSetup(client).CompareAsync(Token), s => Assert.Equal(SettingState.Ok, s.State));
    }

    [Fact]
    public async Task A_bucket_in_another_region_is_not_touched()
    {
        await using var fake = await FakeBucket.StartAsync();
        fake.Settings["location"] = "<LocationConstraint>eu-west-1</LocationConstraint>";

        var report = Assert.Single(await new BucketSetup(fake.Client()).ApplyAsync(Token));

        Assert.Equal(SettingState.Refused, report.State);
        Assert.Contains("region: eu-west-1", report.Fix, StringComparison.Ordinal);
        Assert.Empty(fake.Writes);
    }
}
