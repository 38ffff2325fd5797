using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Kms;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

public sealed class KmsKeyTests : IDisposable
{
    private readonly KmsStandIn kms = new();

    public void Dispose() => kms.Dispose();

    [Fact]
    public async Task A_repository_under_a_key_of_kms_is_written_and_read_again_and_says_nothing_of_its_secrets()
    {
        var arn = kms.CreateKey();
        var store = new MemoryStore();
        string id;
        using (var repository = await CreateAsync(store, Key(arn)))
        {
            await Engine.BackUpAsync(repository, new Dictionary<string, byte[]> { ["model.bin"] = new byte[40_000] });
            id = repository.Config.Id;
            var key = store.Objects.Keys.Single(k => k.StartsWith(KeyFile.Prefix, StringComparison.Ordinal));
            var text = Encoding.UTF8.GetString(store.Objects[key]);
            Assert.DoesNotContain(Convert.ToHexStringLower(repository.Secrets.DataKey!), text);
            Assert.DoesNotContain(Convert.ToHexStringLower(repository.Secrets.Seed), text);
            var json = JsonNode.Parse(text)!;
            Assert.Equal("aws-kms", (string?)json["kdf"]);
            Assert.Equal(arn, (string?)json["kmsKeyId"]);
            Assert.Null(json["salt"]);
            Assert.Null(json["n"]);
        }

        using var opened = await OpenAsync(store, Key(arn));
        Assert.Single((await SnapshotCatalog.LoadAsync(opened, Engine.Cancel)).Snapshots);
        Assert.Empty((await Engine.VerifyAsync(opened)).Damages);
        Assert.Equal([$"kms:GenerateDataKey {arn} mlopsbackup-repository={id}", $"kms:Decrypt {arn} mlopsbackup-repository={id}"], kms.Requests);
    }

    [Fact]
    public async Task An_alias_names_the_key_and_the_file_says_which_it_was()
    {
        var arn = kms.CreateKey(alias: "alias/backups");
        var store = new MemoryStore();
        (await CreateAsync(store, Key("alias/backups"))).Dispose();
        Assert.Equal(arn, Assert.Single(await RepositoryKeys.ListAsync(store, Engine.Cancel)).File.KmsKeyId);
        (await OpenAsync(store, Key("alias/backups"))).Dispose();
        (await OpenAsync(store, Key(arn))).Dispose();
    }

    [Fact]
    public async Task Passphrases_and_keys_of_kms_open_the_same_repository_and_each_can_be_taken_away()
    {
        var first = Key(kms.CreateKey());
        var second = Key(kms.CreateKey());
        var passphrase = new PassphraseKey("on paper");
        var store = new MemoryStore();
        using var repository = await CreateAsync(store, first);
        var ids = new List<string>();
        foreach (var key in new RepositoryKey[] { second, passphrase })
        {
            ids.Add(await RepositoryKeys.WriteAsync(store, repository.Secrets, repository.Config.Id, key, "another", TimeProvider.System, Engine.Cancel));
            using var opened = await OpenAsync(store, key);
            Assert.Equal(repository.Secrets.DataKey, opened.Secrets.DataKey);
        }

        var own = await Assert.ThrowsAsync<UserError>(() => RepositoryKeys.RemoveAsync(repository, ids[0], second, Engine.Cancel));
        Assert.Equal(ExitCode.Usage, own.Code);
        Assert.Equal(ids[0], await RepositoryKeys.RemoveAsync(repository, ids[0], first, Engine.Cancel));
        var gone = await Assert.ThrowsAsync<UserError>(() => OpenAsync(store, second));
        Assert.Equal(ExitCode.WrongKey, gone.Code);
        (await OpenAsync(store, first)).Dispose();
        (await OpenAsync(store, passphrase)).Dispose();
    }

    [Fact]
    public async Task A_repository_of_somebody_elses_key_does_not_open_with_ones_own()
    {
        // Who may write to the bucket may put a whole repository there, under a key that all the world may use.
        var theirs = kms.CreateKey();
        var store = new MemoryStore();
        (await CreateAsync(store, Key(theirs))).Dispose();
        var refused = await Assert.ThrowsAsync<UserError>(() => OpenAsync(store, Key(kms.CreateKey())));
        Assert.Equal(ExitCode.WrongKey, refused.Code);
        Assert.Contains(theirs, refused.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrapped_key_of_another_repository_is_damage()
    {
        var key = Key(kms.CreateKey());
        var one = new MemoryStore();
        var other = new MemoryStore();
        (await CreateAsync(one, key)).Dispose();
        (await CreateAsync(other, key)).Dispose();
        var strange = Assert.Single(await RepositoryKeys.ListAsync(other, Engine.Cancel)).File;
        foreach (var (id, _) in await RepositoryKeys.ListAsync(one, Engine.Cancel))
        {
            await one.DeleteAsync(KeyFile.Prefix + id, Engine.Cancel);
        }

        await PutAsync(one, strange);
        await Assert.ThrowsAsync<RepositoryDamagedException>(() => OpenAsync(one, key));
    }

    [Fact]
    public async Task A_key_file_of_nonsense_asks_kms_for_nothing_and_locks_nobody_out()
    {
        var key = Key(kms.CreateKey());
        var store = new MemoryStore();
        (await CreateAsync(store, key)).Dispose();
        var good = Assert.Single(await RepositoryKeys.ListAsync(store, Engine.Cancel)).File;
        foreach (var bad in new[]
        {
            good with { KmsWrappedKey = null }, good with { KmsWrappedKey = "zz" }, good with { KmsWrappedKey = new string('0', 2 * 6145) }, good with { Sealed = "00" },
            good with { Nonce = "00" },
        })
        {
            kms.Requests.Clear();
            await Assert.ThrowsAsync<RepositoryDamagedException>(() => key.UnwrapAsync(bad, "id", "keys/x", Engine.Cancel));
            Assert.Empty(kms.Requests);
            await PutAsync(store, bad);
        }

        Assert.Null(await key.UnwrapAsync(good with { Kdf = "md5" }, "id", "keys/x", Engine.Cancel));
        (await OpenAsync(store, key)).Dispose();
    }

    [Theory]
    [InlineData("Disabled", "is disabled", "enable-key")]
    [InlineData("PendingDeletion", "is to be deleted", "cancel-key-deletion")]
    public async Task A_key_in_a_wrong_state_is_named_with_what_mends_it(string state, string what, string fix)
    {
        var arn = kms.CreateKey();
        var store = new MemoryStore();
        (await CreateAsync(store, Key(arn))).Dispose();
        kms.Keys[arn] = state;
        await RefusedAsync(() => OpenAsync(store, Key(arn)), what, fix, ExitCode.WrongKey);
        kms.Keys[arn] = "Enabled";
        (await OpenAsync(store, Key(arn))).Dispose();
    }

    [Fact]
    public async Task A_key_that_is_not_there_or_not_allowed_is_named_with_what_mends_it()
    {
        var arn = kms.CreateKey();
        var store = new MemoryStore();
        (await CreateAsync(store, Key(arn))).Dispose();
        await RefusedAsync(() => OpenAsync(store, Key("alias/none")), "does not exist", "spec.encryption.kms.keyId", ExitCode.WrongKey);
        kms.Denied["kms:Decrypt"] = true;
        await RefusedAsync(() => OpenAsync(store, Key(arn)), "access denied: kms:Decrypt", "s3 policy", ExitCode.WrongKey);
        kms.Denied.Clear();
        kms.Denied["kms:GenerateDataKey"] = true;
        var empty = new MemoryStore();
        await RefusedAsync(() => CreateAsync(empty, Key(arn)), "access denied: kms:GenerateDataKey", "s3 policy", ExitCode.WrongKey);
        Assert.Empty(empty.Objects);
    }

    [Fact]
    public async Task Credentials_that_kms_does_not_take_are_told_apart_from_a_key_that_may_not_be_used()
    {
        var arn = kms.CreateKey();
        var key = new KmsKey(new KmsSettings { KeyId = arn, Endpoint = new Uri(kms.Address), Credentials = new BasicAWSCredentials("AKIANOBODY", "x") });
        await RefusedAsync(() => CreateAsync(new MemoryStore(), key), "UnrecognizedClientException", "credentials", ExitCode.Failed);
    }

    [Theory]
    [InlineData("InvalidSignatureException", "Signature expired: 20261127T100000Z is now earlier than 20261127T101500Z", "clock")]
    [InlineData("InvalidSignatureException", "Signature not yet current: 20261127T104500Z is still later than 20261127T103000Z", "clock")]
    [InlineData("InvalidSignatureException", "The request signature we calculated does not match the signature you provided.", "credentials are wrong")]
    [InlineData("ExpiredTokenException", "The security token included in the request is expired", "have expired")]
    [InlineData("KMSInternalException", "An internal exception occurred", "state of KMS")]
    public async Task What_kms_says_of_a_request_is_told_in_plain_words(string code, string message, string fix)
    {
        kms.Failure = (code, message);
        await RefusedAsync(() => CreateAsync(new MemoryStore(), Key(kms.CreateKey(), retries: 0)), code, fix, ExitCode.Failed);
    }

    [Fact]
    public async Task A_service_that_is_away_is_no_wrong_key()
    {
        var arn = kms.CreateKey();
        var store = new MemoryStore();
        (await CreateAsync(store, Key(arn))).Dispose();
        kms.Dispose();
        await RefusedAsync(() => OpenAsync(store, Key(arn, retries: 0)), "cannot be reached", "spec.encryption.kms.region", ExitCode.Failed);
    }

    [Fact]
    public async Task A_service_that_is_busy_is_asked_again()
    {
        var arn = kms.CreateKey();
        var store = new MemoryStore();
        kms.Throttled = 2;
        (await CreateAsync(store, Key(arn))).Dispose();
        (await OpenAsync(store, Key(arn))).Dispose();
    }

    [Fact]
    public async Task Without_a_key_it_is_said_what_would_open_it()
    {
        var arn = kms.CreateKey();
        var store = new MemoryStore();
        (await CreateAsync(store, Key(arn))).Dispose();
        var error = await Assert.ThrowsAsync<UserError>(() => BackupRepository.OpenAsync(store, null, TimeProvider.System, Engine.Cancel));
        Assert.Equal(ExitCode.WrongKey, error.Code);
        Assert.Contains($"KMS key {arn}", error.Fix, StringComparison.Ordinal);
        var passphrase = await Assert.ThrowsAsync<UserError>(() => OpenAsync(store, new PassphraseKey("x")));
        Assert.Contains($"KMS key {arn}", passphrase.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "eu-central-1")]
    [InlineData("arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab", "us-gov-west-1")]
    [InlineData("arn:aws:kms:eu-central-1:111122223333:alias/mlops/backups", "eu-central-1")]
    [InlineData("alias/backups", null)]
    [InlineData("1234abcd-12ab-34cd-56ef-1234567890ab", null)]
    [InlineData("mrk-1234abcd12ab34cd56ef1234567890ab", null)]
    public void Keys_are_known_by_their_names(string keyId, string? region)
    {
        Assert.True(KmsArn.IsKeyId(keyId));
        Assert.Equal(region, KmsArn.Region(keyId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("backups")]
    [InlineData("alias/")]
    [InlineData("alias/x; rm -rf /")]
    [InlineData("arn:aws:s3:::bucket")]
    [InlineData("arn:aws:kms:eu-central-1:1111:key/x")]
    [InlineData("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\n")]
    public void Other_text_is_no_key(string keyId) => Assert.False(KmsArn.IsKeyId(keyId));

    private static async Task RefusedAsync(Func<Task<BackupRepository>> run, string what, string fix, ExitCode code)
    {
        var error = await Assert.ThrowsAsync<UserError>(run);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(fix, error.Fix, StringComparison.Ordinal);
        Assert.Equal(code, error.Code);
        Assert.True(KmsException.IsCauseOf(error));
        Assert.DoesNotContain(KmsStandIn.SecretKey, error.ToString(), StringComparison.Ordinal);
    }

    private static async Task PutAsync(MemoryStore store, KeyFile file)
    {
        var bytes = file.Encode();
        await store.PutAsync(ObjectName.Of(KeyFile.Prefix, bytes), bytes, Engine.Cancel);
    }

    private static Task<BackupRepository> CreateAsync(MemoryStore store, RepositoryKey key) =>
        BackupRepository.CreateAsync(store, key, null, TimeProvider.System, Engine.Cancel, Engine.SmallChunks);

    private static Task<BackupRepository> OpenAsync(MemoryStore store, RepositoryKey key) =>
        BackupRepository.OpenAsync(store, key, TimeProvider.System, Engine.Cancel);

    private KmsKey Key(string keyId, int retries = 4) => new(new KmsSettings
    {
        KeyId = keyId,
        Endpoint = new Uri(kms.Address),
        Credentials = new BasicAWSCredentials(KmsStandIn.AccessKey, KmsStandIn.SecretKey),
        Retries = retries,
    });
}
