using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using Npgsql;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary><c>doctor --local</c> against a real database and real folders: faults are planted one at a time, and named with their fix.</summary>
[Collection(CliTests.Name)]
public sealed class DoctorTests(PlatformServer server)
{
    [Fact]
    public async Task Planted_faults_are_named_with_their_fix_and_a_healthy_platform_has_none()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        await FindsAsync(platform, null, "");
        var plan = platform.Plan!;

        platform.Plan = plan with { Postgres = plan.Postgres!.Replace($"port: {server.Postgres.Port}", "port: 1", StringComparison.Ordinal) };
        await FindsAsync(platform, "database-unreachable", "check the host, the port");
        platform.Plan = plan with { Postgres = platform.PostgresPart(passwordFile: platform.Secret("wrong", "not-the-password")) };
        await FindsAsync(platform, "database-refuses", "password");
        platform.Plan = plan with { Postgres = platform.PostgresPart(clientTools: platform.Root) };
        await FindsAsync(platform, "database-tools", "install the client tools");
        platform.Plan = plan;

        await using (var source = server.Source(platform.Database, password: server.Postgres.Password))
        await using (var other = await source.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var held = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("LOCK TABLE experiments IN ACCESS EXCLUSIVE MODE", other, held);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await FindsAsync(platform, "database-transaction", "pg_terminate_backend");
        }

        await using (var admin = server.Source(platform.Database, password: server.Postgres.Password))
        {
            await ExecuteAsync(admin, $"ALTER ROLE {platform.User} VALID UNTIL '{DateTime.UtcNow.AddDays(5):yyyy-MM-dd}'");
            await FindsAsync(platform, "credentials-expiring", $"ALTER ROLE {platform.User} PASSWORD");
            await ExecuteAsync(admin, $"ALTER ROLE {platform.User} VALID UNTIL 'infinity'");
            await FindsAsync(platform, null, "");
        }

        Directory.Move(platform.Artifacts, platform.Artifacts + "-away");
        await FindsAsync(platform, "artifacts-unreadable", "spec.artifacts");
        Directory.CreateDirectory(platform.Artifacts);
        await FindsAsync(platform, "artifacts-unreadable", "--allow-empty");
        Directory.Delete(platform.Artifacts);
        Directory.Move(platform.Artifacts + "-away", platform.Artifacts);

        Directory.Move(platform.Repository, platform.Repository + "-away");
        await FindsAsync(platform, "repository-missing", "init --repositories");
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <param name="fault">Null where there must be none.</param>
    private static async Task FindsAsync(Platform platform, string? fault, string fix)
    {
        var result = await platform.RunAsync("doctor", "-o", "json");
        var faults = result.Json.GetProperty("findings").EnumerateArray().Where(f => f.TryGetProperty("fault", out var id) && id.GetString() != "key-not-escrowed").ToList();
        if (fault is null)
        {
            Assert.True(faults.Count == 0, result.Output);
            return;
        }

        Assert.Contains(faults, f => f.GetProperty("fault").GetString() == fault && f.GetProperty("fix").GetString()!.Contains(fix, StringComparison.Ordinal));
        Assert.DoesNotContain("not-the-password", result.Output, StringComparison.Ordinal);
    }
}
