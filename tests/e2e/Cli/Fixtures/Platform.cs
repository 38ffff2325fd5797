using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Seed;
using KubectlMlopsBackup.Seed.Checksums;

namespace KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

/// <summary>A small platform of a test's own, with a plan that backs it up: a database, a tree of artifacts, a folder for the rest.</summary>
internal sealed class Platform : IAsyncDisposable
{
    public const string Passphrase = "correct-horse-battery-staple";

    private static int count;

    private readonly PlatformServer server;
    private int day;

    private Platform(PlatformServer server, string database, string user, string password)
    {
        this.server = server;
        Database = database;
        User = user;
        Password = password;
        PassphraseFile = Secret("passphrase", Passphrase);
        PasswordFile = Secret("password", password);
        Plan = new PlanText
        {
            Postgres = PostgresPart(),
            Artifacts = $"{{path: {Artifacts}}}",
            Repositories = [$"{{name: local, path: {Repository}}}"],
            Encryption = $"{{passphraseFile: {PassphraseFile}}}",
        };
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("mlopsbackup-cli-").FullName;

    public string Database { get; }

    public string User { get; }

    public string Password { get; }

    public PostgresServer Postgres => server.Postgres;

    public string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>The folder of the first repository.</summary>
    public string Repository => Path.Combine(Root, "local");

    public string PassphraseFile { get; }

    public string PasswordFile { get; }

    public string PlanFile => Path.Combine(Root, "plan.yaml");

    /// <summary>Written to its file before a run, if it is another than before; null where the file is left to the test.</summary>
    public PlanText? Plan { get; set; }

    public Dictionary<string, string> Environment { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Platform> CreateAsync(PlatformServer server)
    {
        var platform = new Platform(
            server, $"mlflow_{Interlocked.Increment(ref count)}", PostgresServer.Superuser, server.Postgres.Password);
        await server.CopyDatabaseAsync(platform.Database);
        await CopyTreeAsync(server.SeededTree, platform.Artifacts);
        return platform;
    }

    /// <summary>Its database belongs to a role that may not create databases.</summary>
    public static async Task<Platform> OwnedByPlainRoleAsync(PlatformServer server)
    {
        var number = Interlocked.Increment(ref count);
        var platform = new Platform(server, $"mlflow_{number}", $"plain_{number}", $"plain-pw-{number}");
        await server.Postgres.SqlAsync("postgres", $"CREATE ROLE {platform.User} LOGIN PASSWORD '{platform.Password}'");
        await server.Postgres.SqlAsync("postgres", $"CREATE DATABASE {platform.Database} OWNER {platform.User}");
        await server.Postgres.SqlAsync(platform.Database, $"ALTER SCHEMA public OWNER TO {platform.User}");
        await using var source = server.Source(platform.Database, platform.User, platform.Password);
        await PlatformSeeder.FillDatabaseAsync(source, PlatformSeeder.FirstDay(PlatformServer.Options), Token);
        await CopyTreeAsync(server.SeededTree, platform.Artifacts);
        return platform;
    }

    /// <summary>With its repositories made, and one backup of all.</summary>
    public static async Task<Platform> BackedUpAsync(PlatformServer server)
    {
        var platform = await CreateAsync(server);
        await platform.InitAsync();
        await platform.DoneAsync("backup", "all");
        return platform;
    }

    /// <summary>The plan's postgres part, as YAML.</summary>
    public string PostgresPart(string? database = null, string? passwordFile = null, string? clientTools = null) =>
        $"{{host: 127.0.0.1, port: {Postgres.Port}, database: {database ?? Database}, user: {User}, "
        + $"passwordFile: {passwordFile ?? PasswordFile}, clientTools: {clientTools ?? PostgresServer.Bin}}}";

    /// <summary>Runs a verb, locally, with the plan.</summary>
    public Task<CliResult> RunAsync(params string[] arguments)
    {
        WritePlan();
        return CommandLine.RunAsync([.. arguments, "--local", "--plan", PlanFile], Environment, Root);
    }

    /// <summary>For a listing before the run.</summary>
    public void WritePlan()
    {
        if (Plan is not null && (!File.Exists(PlanFile) || File.ReadAllText(PlanFile) != Plan.ToString()))
        {
            File.WriteAllText(PlanFile, Plan.ToString());
        }
    }

    public async Task<CliResult> DoneAsync(params string[] arguments) => (await RunAsync(arguments)).Expect(ExitCode.Done);

    public async Task<JsonElement> JsonAsync(params string[] arguments) => (await DoneAsync([.. arguments, "-o", "json"])).Json;

    public Task InitAsync() => DoneAsync("init", "--repositories");

    /// <summary>Ids of snapshots, oldest first.</summary>
    public async Task<string[]> SnapshotsAsync(string component = "all", params string[] more) =>
        [.. (await JsonAsync(["list", component, .. more])).EnumerateArray().Select(s => s.GetProperty("id").GetString()!)];

    /// <summary>Recovery points, oldest first.</summary>
    public async Task<JsonElement[]> PointsAsync(params string[] more) =>
        [.. (await JsonAsync(["list", "--recovery-points", .. more])).EnumerateArray()];

    /// <summary>Adds a day's work to the database and the tree.</summary>
    public async Task GrowAsync()
    {
        var catalog = PlatformSeeder.LaterDay(PlatformServer.Options, 10, ++day);
        await using var source = server.Source(Database, User, Password);
        await PlatformSeeder.FillDatabaseAsync(source, catalog, Token);
        PlatformSeeder.WriteArtifacts(Artifacts, catalog, Token);
    }

    public async Task<string> DatabaseSumAsync(string? database = null)
    {
        await using var source = server.Source(database ?? Database);
        var sum = await DatabaseChecksum.OfAsync(source, Token);
        return $"{sum.Sha256} {sum.Definitions} {sum.Tables.Sum(t => t.Rows)}";
    }

    public string TreeSum(string? folder = null) => TreeChecksum.Of(folder ?? Artifacts, contentOnly: false, Token).ToString();

    /// <summary>The repository's files, the rest of the folder, and the server's databases of this platform.</summary>
    public async Task<string> ListingAsync() =>
        string.Join('\n', [FolderListing.Of(Root), .. await Postgres.DatabasesAsync(Database)]);

    public Task DropDatabaseAsync() => Postgres.SqlAsync("postgres", $"DROP DATABASE {Database} WITH (FORCE)");

    /// <summary>A file that only its owner can read.</summary>
    public string Secret(string name, string value)
    {
        var path = Path.Combine(Root, name);
        PlantedSecrets.Add(value);
        File.WriteAllText(path, value + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    public static Task CopyTreeAsync(string from, string to) => PostgresServer.RunAsync("cp", "-a", from, to);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return ValueTask.CompletedTask;
    }
}
