using System.Security.Cryptography;
using System.Text;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary>Each has its exit code, names what is wrong and what to do, and leaves everything as it was.</summary>
[Collection(CliTests.Name)]
public sealed class BadInputTests(PlatformServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("backup")]
    [InlineData("list")]
    [InlineData("restore", "--yes")]
    [InlineData("verify", "data")]
    [InlineData("prune")]
    [InlineData("mirror")]
    [InlineData("key", "list")]
    [InlineData("init", "--repositories")]
    public async Task No_plan(params string[] command)
    {
        await using var platform = await Platform.CreateAsync(server);
        platform.Plan = null;
        (await UnchangedAsync(platform, command)).Expect(ExitCode.Usage).SaysWithFix(platform.PlanFile, "does not exist", "init --local");
    }

    [Theory]
    [InlineData("  artifacts: {path: /x", "line")]
    [InlineData("  artifcats: {path: /x}", "artifcats", "artifacts")]
    [InlineData("  artifacts: {path: /x, schedule: \"61 * * * *\"}", "spec.artifacts.schedule", "61 * * * *")]
    [InlineData("  artifacts: {path: /x, schedule: \"0 0 30 2 *\"}", "spec.artifacts.schedule")]
    [InlineData("  recovery: {rpo: soon}", "spec.recovery.rpo", "soon")]
    [InlineData("  timeZone: Middle/Earth", "spec.timeZone", "Middle/Earth")]
    public async Task A_plan_that_is_none(string lines, params string[] named)
    {
        await using var platform = await Platform.CreateAsync(server);
        platform.Plan = platform.Plan! with { Artifacts = null, More = lines };
        (await UnchangedAsync(platform, "backup")).Expect(ExitCode.Usage).Says([.. named, platform.PlanFile]);
    }

    [Theory]
    [InlineData("{keepLast: 0}", "keeps nothing")]
    [InlineData("{keepLast: -1}", "keepLast")]
    [InlineData("{keepWithin: 1h}", "keepWithin")]
    [InlineData("{keepWithin: soon}", "keepWithin")]
    [InlineData("{keepYearly: 1}", "keepYearly")]
    public async Task A_retention_that_makes_no_sense(string retention, string named)
    {
        await using var platform = await Platform.BackedUpAsync(server);
        platform.Plan = platform.Plan! with { Repositories = [$"{{name: local, path: {platform.Repository}, retention: {retention}}}"] };
        (await UnchangedAsync(platform, "prune")).Expect(ExitCode.Usage).Says("spec.repositories[0].retention", named);
    }

    [Fact]
    public async Task A_wrong_passphrase()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var wrong = platform.Secret("wrong", "wrong-horse");
        platform.Plan = platform.Plan! with { Encryption = $"{{passphraseFile: {wrong}}}" };
        foreach (var command in Verbs)
        {
            (await UnchangedAsync(platform, command)).Expect(ExitCode.WrongKey).SaysWithFix(platform.Repository, "spec.encryption");
        }
    }

    [Fact]
    public async Task No_passphrase_for_an_encrypted_repository()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        platform.Plan = platform.Plan! with { Encryption = "{none: true}" };
        (await UnchangedAsync(platform, "backup")).Expect(ExitCode.WrongKey).SaysWithFix(platform.Repository, "spec.encryption");
        platform.Plan = platform.Plan with { Encryption = "{passphraseEnv: NOT_SET_HERE}" };
        (await UnchangedAsync(platform, "backup")).Expect(ExitCode.Usage).SaysWithFix("spec.encryption.passphraseEnv", "NOT_SET_HERE");
    }

    [Fact]
    public async Task No_repository()
    {
        await using var platform = await Platform.CreateAsync(server);
        foreach (var command in Verbs)
        {
            (await UnchangedAsync(platform, command)).Expect(ExitCode.NoRepository).SaysWithFix(platform.Repository, "init");
        }

        Directory.CreateDirectory(platform.Repository);
        (await UnchangedAsync(platform, "backup")).Expect(ExitCode.NoRepository);
        File.WriteAllText(Path.Combine(platform.Repository, "holiday.jpg"), "x");
        (await UnchangedAsync(platform, "init", "--repositories")).Expect(ExitCode.Failed).SaysWithFix("is not empty", "holiday.jpg");
    }

    [Fact]
    public async Task A_repository_of_a_newer_format()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var file = Path.Combine(platform.Repository, "repository.json");
        var text = await File.ReadAllTextAsync(file, Token);
        var value = text["{\"repository\":".Length..text.IndexOf(",\"sha256\"", StringComparison.Ordinal)]
            .Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal);
        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
        await File.WriteAllTextAsync(file, $"{{\"repository\":{value},\"sha256\":\"{sum}\"}}\n", Token);

        foreach (var command in Verbs)
        {
            (await UnchangedAsync(platform, command)).Expect(ExitCode.Failed).SaysWithFix("format 2", "newer version");
        }
    }

    [Fact]
    public async Task A_database_that_does_not_let_in()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        var wrong = platform.Secret("wrong", "not-it");
        var plan = platform.Plan!;

        platform.Plan = plan with { Postgres = platform.PostgresPart(passwordFile: wrong) };
        (await UnchangedAsync(platform, "backup", "postgres")).Expect(ExitCode.Failed).SaysWithFix("password", platform.User);
        platform.Plan = plan with { Postgres = platform.PostgresPart(database: "no_such_database") };
        (await UnchangedAsync(platform, "backup", "postgres")).Expect(ExitCode.Failed).SaysWithFix("no_such_database");
        platform.Plan = plan with { Postgres = "{host: 127.0.0.1, port: 1, database: x, user: y}" };
        (await UnchangedAsync(platform, "backup", "postgres")).Expect(ExitCode.Failed).SaysWithFix("127.0.0.1:1");
        platform.Plan = plan with { Postgres = platform.PostgresPart(passwordFile: "/no/such/file") };
        (await UnchangedAsync(platform, "backup", "postgres")).Expect(ExitCode.Usage).Says("spec.postgres.passwordFile", "/no/such/file");
    }

    [Fact]
    public async Task Client_tools_that_are_older_than_the_server()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        using var old = new FakeTools(("pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'"));
        platform.Plan = platform.Plan! with { Postgres = platform.PostgresPart(clientTools: old.Folder) };
        (await UnchangedAsync(platform, "backup", "postgres")).Expect(ExitCode.Failed)
            .SaysWithFix("9.6.24", $"{PostgresServer.Major}", "older than the server's");
    }

    [Fact]
    public async Task One_component_that_fails_does_not_keep_the_other_from_being_backed_up()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        platform.Plan = platform.Plan! with { Postgres = platform.PostgresPart(database: "no_such_database") };

        var backup = (await platform.RunAsync("backup", "all", "-o", "json")).Expect(ExitCode.Failed);

        Assert.Equal("failed", backup.Json.GetProperty("components")[0].GetProperty("verdict").GetString());
        Assert.Equal("complete", backup.Json.GetProperty("components")[1].GetProperty("verdict").GetString());
        Assert.Single(await platform.SnapshotsAsync());
    }

    [Fact]
    public async Task Artifacts_that_are_not_there_or_a_folder_with_nothing_in_it()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        Directory.Move(platform.Artifacts, platform.Artifacts + ".away");
        var missing = await UnchangedAsync(platform, "backup", "artifacts");
        Assert.NotEqual((int)ExitCode.Done, missing.Code);
        missing.SaysWithFix(platform.Artifacts);

        Directory.CreateDirectory(platform.Artifacts);
        (await UnchangedAsync(platform, "backup", "artifacts")).Expect(ExitCode.Failed).SaysWithFix(platform.Artifacts, "--allow-empty");
        await platform.DoneAsync("backup", "artifacts", "--allow-empty");
    }

    [Theory]
    [InlineData("backp")]
    [InlineData("backup", "--fast")]
    [InlineData("backup", "everything")]
    [InlineData("list", "-o", "xml")]
    [InlineData("list", "--repository", "third")]
    [InlineData("describe")]
    [InlineData("describe", "ab")]
    [InlineData("mirror")]
    [InlineData("mirror", "--to", "local")]
    [InlineData("init")]
    [InlineData("verify", "everything")]
    public async Task Arguments_that_make_no_sense(params string[] command)
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        (await UnchangedAsync(platform, command)).Expect(ExitCode.Usage).SaysWithFix("error: ");
    }

    [Theory]
    [InlineData("--postgres", "not a url")]
    [InlineData("--postgres", "postgres://user:password@host/db")]
    [InlineData("--repository", "local")]
    [InlineData("--repository", "s3=s3://UPPER_CASE/x")]
    public async Task A_new_plan_of_nonsense_is_not_written(string option, string value)
    {
        await using var platform = await Platform.CreateAsync(server);
        platform.Plan = null;
        var result = await UnchangedAsync(
            platform, "init", "--no-encryption", "--artifacts", "artifacts", "--repository", "first=first", option, value);
        result.Expect(ExitCode.Usage).Says("error: ");
        Assert.DoesNotContain(":password", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("list")]
    [InlineData("verify")]
    [InlineData("prune")]
    public async Task Without_local_and_without_a_cluster_it_says_what_to_do(string verb)
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var home = Path.GetDirectoryName(platform.PlanFile)!;
        var result = await CommandLine.RunAsync([verb, "--plan", platform.PlanFile], new Dictionary<string, string> { ["HOME"] = home });
        result.Expect(ExitCode.Usage).SaysWithFix("no cluster is named", "--local");
    }

    [Fact]
    public async Task A_bucket_that_is_missing_or_belongs_to_someone_else()
    {
        await using var bucket = await TestBucket.CreateAsync(Token);
        await using var platform = await Platform.CreateAsync(server);
        string S3(string name) =>
            $"{{name: s3, s3: {{bucket: {name}, prefix: p, endpoint: \"{bucket.Server.Endpoint}\", "
            + "credentials: {accessKeyIdEnv: KEY_ID, secretAccessKeyEnv: KEY_SECRET}}}";
        platform.Environment["KEY_ID"] = bucket.Server.AccessKey;
        platform.Environment["KEY_SECRET"] = bucket.Server.SecretKey;
        platform.Plan = platform.Plan! with { Repositories = [S3("no-such-bucket-anywhere")] };
        (await UnchangedAsync(platform, "backup", "artifacts")).Expect(ExitCode.NoRepository).SaysWithFix("no-such-bucket-anywhere");

        platform.Plan = platform.Plan with { Repositories = [S3(bucket.Name)] };
        (await UnchangedAsync(platform, "backup", "artifacts")).Expect(ExitCode.NoRepository).SaysWithFix(bucket.Name, "init");
        platform.Environment["KEY_ID"] = bucket.Server.OtherAccessKey;
        platform.Environment["KEY_SECRET"] = bucket.Server.OtherSecretKey;
        (await UnchangedAsync(platform, "backup", "artifacts")).Expect(ExitCode.Failed).SaysWithFix("access denied", bucket.Name);
        platform.Environment["KEY_SECRET"] = "not-the-secret-at-all";
        (await UnchangedAsync(platform, "backup", "artifacts")).Expect(ExitCode.Failed).SaysWithFix("secret key")
            .Says(bucket.Name);
        platform.Environment.Remove("KEY_SECRET");
        (await UnchangedAsync(platform, "backup", "artifacts")).Expect(ExitCode.Usage).SaysWithFix("KEY_SECRET");
    }

    private static string[][] Verbs { get; } =
        [["backup"], ["list"], ["restore", "--yes"], ["verify", "data"], ["prune"], ["key", "list"], ["export", "artifacts", "--file", "-"]];

    /// <summary>Runs it, and sees that no file, no database and no time of either is another afterwards.</summary>
    private static async Task<CliResult> UnchangedAsync(Platform platform, params string[] command)
    {
        platform.WritePlan();
        var listing = await platform.ListingAsync();
        var ended = await platform.RunAsync(command);
        Assert.Equal(listing, await platform.ListingAsync());
        return ended;
    }
}
