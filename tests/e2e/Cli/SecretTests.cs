using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary>No password, passphrase or key is in anything that is printed, or in an argument that every user of a machine can read.</summary>
[Collection(CliTests.Name)]
public sealed class SecretTests(PlatformServer server)
{
    private static readonly string[] Tools = ["pg_dump", "pg_dumpall", "pg_restore", "psql"];

    [Fact]
    public async Task Nothing_that_is_printed_or_passed_on_holds_a_secret()
    {
        await using var platform = await Platform.CreateAsync(server);
        await CheckAsync(platform, []);
    }

    [Fact]
    public async Task Nor_does_it_with_keys_of_a_store()
    {
        await using var bucket = await TestBucket.CreateAsync(TestContext.Current.CancellationToken);
        await using var platform = await Platform.CreateAsync(server);
        platform.Environment["KEY_ID"] = bucket.Server.AccessKey;
        platform.Environment["KEY_SECRET"] = bucket.Server.SecretKey;
        platform.Plan = platform.Plan! with
        {
            Repositories =
            [
                .. platform.Plan.Repositories,
                $"{{name: s3, s3: {{bucket: {bucket.Name}, endpoint: \"{bucket.Server.Endpoint}\", "
                + "credentials: {accessKeyIdEnv: KEY_ID, secretAccessKeyEnv: KEY_SECRET}}}",
            ],
        };
        await CheckAsync(platform, [bucket.Server.SecretKey]);
    }

    private static async Task CheckAsync(Platform platform, string[] more)
    {
        var log = Path.Combine(platform.Root, "arguments");
        using var tools = new FakeTools([.. Tools.Select(t => (t, $"echo \"{t} $@\" >> {log}\nexec \"$real\" \"$@\""))]);
        platform.Plan = platform.Plan! with { Postgres = platform.PostgresPart(clientTools: tools.Folder) };
        const string Replacement = "a-new-passphrase-for-the-night";
        var (replacement, wrong) = (platform.Secret("replacement", Replacement), platform.Secret("wrong", "wrong-password-here"));
        string[] secrets = [platform.Password, Platform.Passphrase, Replacement, "wrong-password-here", .. more];

        var plan = platform.Plan;
        await SilentAsync(platform, secrets, ExitCode.Done, "init", "--repositories");
        await SilentAsync(platform, secrets, ExitCode.Done, "backup", "all");
        await SilentAsync(platform, secrets, ExitCode.Done, "list", "all");
        await SilentAsync(platform, secrets, ExitCode.Done, "list", "--recovery-points");
        await SilentAsync(platform, secrets, ExitCode.Done, "describe", (await platform.SnapshotsAsync("postgres"))[0]);
        await SilentAsync(platform, secrets, ExitCode.Done, "verify", "data");
        await SilentAsync(platform, secrets, ExitCode.Done, "export", "postgres", "--file", Path.Combine(platform.Root, "x.sql.gz"));
        await SilentAsync(platform, secrets, ExitCode.Done, "restore", "all", "--yes");
        await SilentAsync(platform, secrets, ExitCode.Done, "restore", "postgres", "--yes", "--in-place");
        await SilentAsync(platform, secrets, ExitCode.Done, "drop-previous", "--yes");
        await SilentAsync(platform, secrets, ExitCode.Done, "key", "add", "--new-passphrase-file", replacement);
        await SilentAsync(platform, secrets, ExitCode.Done, "key", "list");
        await SilentAsync(platform, secrets, ExitCode.Done, "prune");
        platform.Plan = plan with { Postgres = platform.PostgresPart(passwordFile: wrong) };
        await SilentAsync(platform, secrets, ExitCode.Failed, "backup", "postgres");
        platform.Plan = plan with { Postgres = platform.PostgresPart(database: "no_such_database") };
        await SilentAsync(platform, secrets, ExitCode.Failed, "backup", "postgres");
        platform.Plan = plan with { Encryption = $"{{passphraseFile: {wrong}}}" };
        await SilentAsync(platform, secrets, ExitCode.WrongKey, "list");

        var arguments = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
        Assert.All(Tools[..3], t => Assert.Contains($"{t} ", arguments, StringComparison.Ordinal));
        Assert.All(secrets, s => Assert.DoesNotContain(s, arguments, StringComparison.Ordinal));
        Assert.All(secrets.Take(2).Concat(more), s => Assert.DoesNotContain(s, Written(platform), StringComparison.Ordinal));
    }

    private static async Task SilentAsync(Platform platform, string[] secrets, ExitCode code, params string[] command)
    {
        var shown = await platform.RunAsync([.. command, "-v"]);
        var json = code == ExitCode.Done && command[0] is not ("init" or "drop-previous" or "export")
            ? await platform.RunAsync([.. command, "-v", "-o", "json"])
            : shown;
        foreach (var result in new[] { shown, json })
        {
            result.Expect(code);
            Assert.All(secrets, s => Assert.DoesNotContain(s, result.Output + result.Error, StringComparison.Ordinal));
        }
    }

    /// <summary>The repository's small files: a secret in one would be readable to whoever can read the folder.</summary>
    private static string Written(Platform platform) => string.Concat(Directory
        .GetFiles(platform.Repository, "*", SearchOption.AllDirectories)
        .Where(f => new FileInfo(f).Length < 1 << 20)
        .Select(f => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(f))));
}
