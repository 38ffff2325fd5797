using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary>Repositories under a key of AWS KMS. The service is a stand-in; the client is the SDK in the published binary.</summary>
[Collection(CliTests.Name)]
public sealed class KmsTests(PlatformServer server)
{
    [Fact]
    public async Task A_platform_is_backed_up_and_restored_under_a_key_of_kms_with_no_passphrase_anywhere()
    {
        using var kms = new KmsStandIn();
        var arn = kms.CreateKey();
        await using var platform = await UnderAsync(kms, arn);

        var made = await platform.DoneAsync("init", "--repositories");
        Assert.Contains($"under KMS key {arn}. WITHOUT THAT KEY THEY ARE LOST", made.Output, StringComparison.Ordinal);
        await platform.DoneAsync("backup", "all");
        await platform.DoneAsync("verify", "data");
        var target = Path.Combine(platform.Root, "restored");
        await platform.DoneAsync("restore", "artifacts", "--to", target);
        Assert.Equal(platform.TreeSum(), platform.TreeSum(target));
        Assert.Contains(kms.Requests, r => r.StartsWith($"kms:Decrypt {arn} mlopsbackup-repository=", StringComparison.Ordinal));
        var listed = Assert.Single((await platform.DoneAsync("key", "list", "-o", "json")).Json.EnumerateArray());
        Assert.Equal(("aws-kms", arn), (listed.GetProperty("kind").GetString(), listed.GetProperty("kmsKeyId").GetString()));
        Assert.Contains($"opens with KMS key {arn}", (await platform.DoneAsync("doctor", "-o", "wide")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_moves_from_a_passphrase_to_a_key_of_kms_and_a_sheet_opens_it_when_that_is_lost()
    {
        using var kms = new KmsStandIn();
        var (first, second) = (kms.CreateKey(), kms.CreateKey(alias: "alias/second"));
        await using var platform = await Platform.BackedUpAsync(server);
        var passphrase = Assert.Single((await platform.DoneAsync("key", "list", "-o", "json")).Json.EnumerateArray()).GetProperty("id").GetString()!;
        // No section of the plan tells of KMS yet: the SDK's own variables do.
        Credentials(platform, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        platform.Environment["AWS_ENDPOINT_URL_KMS"] = kms.Address;
        await platform.DoneAsync("key", "add", "--kms-key-id", first, "--label", "aws");
        (await platform.RunAsync("key", "add", "--kms-key-id", "second")).Expect(ExitCode.Usage).SaysWithFix("--kms-key-id");
        (await platform.RunAsync("key", "add", "--kms-key-id", first, "--new-passphrase-file", platform.PassphraseFile)).Expect(ExitCode.Usage);

        Under(platform, kms, first);
        await platform.DoneAsync("key", "remove", passphrase[..8]);
        await platform.DoneAsync("backup", "artifacts");
        await platform.DoneAsync("key", "add", "--kms-key-id", "alias/second");
        Under(platform, kms, "alias/second, region: eu-central-1");
        await platform.DoneAsync("verify", "data");

        var sheet = Path.Combine(platform.Root, "sheet.txt");
        await platform.DoneAsync("key", "escrow", "--to", sheet);
        kms.Keys[second] = "PendingDeletion";
        (await platform.RunAsync("list")).Expect(ExitCode.WrongKey).SaysWithFix("alias/second", "cancel-key-deletion");
        var typed = System.Text.RegularExpressions.Regex.Match(await File.ReadAllTextAsync(sheet, TestContext.Current.CancellationToken), "([0-9A-Z]{4}-){7}[0-9A-Z]{4}").Value;
        platform.Plan = platform.Plan! with { Encryption = $"{{passphraseFile: {platform.Secret("from-the-sheet", typed)}}}" };
        await platform.DoneAsync("verify", "data");
    }

    [Fact]
    public async Task Faults_of_the_key_are_planted_one_at_a_time_and_named_with_their_fix()
    {
        using var kms = new KmsStandIn();
        var arn = kms.CreateKey();
        await using var platform = await UnderAsync(kms, arn);
        await platform.DoneAsync("init", "--repositories");
        await FindsAsync(platform, null, "");

        kms.Keys[arn] = "Disabled";
        await FindsAsync(platform, "kms-key", $"aws kms enable-key --key-id {arn}");
        kms.Keys[arn] = "PendingDeletion";
        await FindsAsync(platform, "kms-key", $"aws kms cancel-key-deletion --key-id {arn}");
        kms.Keys[arn] = "Enabled";
        kms.Denied["kms:Decrypt"] = true;
        await FindsAsync(platform, "kms-key", "allow kms:Decrypt");
        kms.Denied.Clear();
        Under(platform, kms, "alias/nobody, region: eu-central-1");
        await FindsAsync(platform, "kms-key", "spec.encryption.kms.keyId");
        Under(platform, kms, kms.CreateKey());
        await FindsAsync(platform, "repository-key", arn);
        Under(platform, kms, arn);
        platform.Environment["KMS_ID"] = "AKIANOBODYKNOWSTHIS0";
        await FindsAsync(platform, "kms-key", "spec.encryption.kms.credentials");
        Credentials(platform, "KMS_ID", "KMS_SECRET");
        kms.Throttled = 1;
        await FindsAsync(platform, null, "");
        kms.Dispose();
        await FindsAsync(platform, "kms-key", "spec.encryption.kms.region and endpoint");
    }

    private static async Task FindsAsync(Platform platform, string? fault, string fix)
    {
        var result = await platform.RunAsync("doctor", "-o", "json");
        var found = result.Expect(fault is null ? ExitCode.Done : ExitCode.CheckFailed).Json.GetProperty("findings").EnumerateArray()
            .Where(f => f.GetProperty("check").GetString() == "repository/local" && f.GetProperty("verdict").GetString() == "problem").ToList();
        if (fault is null)
        {
            Assert.Empty(found);
            return;
        }

        var finding = Assert.Single(found);
        Assert.Equal(fault, finding.GetProperty("fault").GetString());
        Assert.Contains(fix, finding.GetProperty("fix").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(KmsStandIn.SecretKey, result.Output + result.Error, StringComparison.Ordinal);
    }

    private async Task<Platform> UnderAsync(KmsStandIn kms, string key)
    {
        var platform = await Platform.CreateAsync(server);
        Credentials(platform, "KMS_ID", "KMS_SECRET");
        Under(platform, kms, key);
        return platform;
    }

    private static void Credentials(Platform platform, string id, string secret)
    {
        platform.Environment[id] = KmsStandIn.AccessKey;
        platform.Environment[secret] = KmsStandIn.SecretKey;
    }

    /// <param name="key">And more fields of the section.</param>
    private static void Under(Platform platform, KmsStandIn kms, string key)
    {
        Credentials(platform, "KMS_ID", "KMS_SECRET");
        platform.Plan = platform.Plan! with
        {
            Encryption = $"{{kms: {{keyId: {key}, endpoint: \"{kms.Address}\", credentials: {{accessKeyIdEnv: KMS_ID, secretAccessKeyEnv: KMS_SECRET}}}}}}",
        };
    }
}
