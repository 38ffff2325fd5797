using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Seed;
using Npgsql;

namespace KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

/// <summary>A PostgreSQL server with one seeded platform, of which each test gets a copy of its own.</summary>
public sealed class PlatformServer : IAsyncLifetime
{
    private const string Template = "seeded";

    private readonly string folder = Directory.CreateTempSubdirectory("mlopsbackup-seed-").FullName;

    internal static SeedOptions Options { get; } = new()
    {
        Runs = 50,
        MetricsPerRun = 200,
        Experiments = 5,
        LoggedModels = 10,
        Traces = 20,
        Bytes = 5 << 20,
    };

    internal PostgresServer Postgres { get; } = new();

    internal string SeededTree => Path.Combine(folder, "artifacts");

    public async ValueTask InitializeAsync()
    {
        await Postgres.InitializeAsync();
        await Postgres.SqlAsync("postgres", $"CREATE DATABASE {Template}");
        await using var source = Source(Template);
        var first = PlatformSeeder.FirstDay(Options);
        await PlatformSeeder.FillDatabaseAsync(source, first, CancellationToken.None);
        PlatformSeeder.WriteArtifacts(SeededTree, first, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    internal Task CopyDatabaseAsync(string name) => Postgres.SqlAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {Template}");

    /// <summary>Without a pool: databases are dropped and renamed in these tests.</summary>
    internal NpgsqlDataSource Source(string database, string user = PostgresServer.Superuser, string? password = null) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Postgres.Port,
            Database = database,
            Username = user,
            Password = password ?? Postgres.Password,
            Pooling = false,
        });
}
