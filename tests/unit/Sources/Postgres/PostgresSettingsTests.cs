using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.UnitTests.Sources.Postgres;

public sealed class PostgresSettingsTests
{
    private static readonly PostgresSettings Settings = new()
    {
        Host = "db",
        Database = "mlflow",
        User = "u",
        Password = "hunter2",
        SslMode = "verify-full",
        SslRootCert = "/ca.pem",
    };

    [Fact]
    public void The_password_is_never_printed() => Assert.Equal("u@db:5432/mlflow", Settings.ToString());

    [Fact]
    public void Client_tools_get_everything_by_environment()
    {
        var environment = PostgresConnections.Environment(Settings, "other", "-c x=1");
        Assert.Equal("hunter2", environment["PGPASSWORD"]);
        Assert.Equal("other", environment["PGDATABASE"]);
        Assert.Equal("verify-full", environment["PGSSLMODE"]);
        Assert.Equal("/ca.pem", environment["PGSSLROOTCERT"]);
        Assert.Equal("-c x=1", environment["PGOPTIONS"]);
        Assert.DoesNotContain("PGPASSWORD", PostgresConnections.Environment(Settings with { Password = null }, "other").Keys);
    }

    [Fact]
    public async Task An_unknown_ssl_mode_is_refused()
    {
        var error = await Assert.ThrowsAsync<UserError>(() => PostgresConnections.OpenAsync(
            Settings with { SslMode = "very" }, "mlflow", TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.Usage, error.Code);
    }

    [Theory]
    [InlineData("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "15.18", 15)]
    [InlineData("pg_dump (PostgreSQL) 18beta1\n", "18beta1", 18)]
    [InlineData("pg_dump (PostgreSQL) devel\n", null, 0)]
    [InlineData("", null, 0)]
    public void Versions_of_client_tools_are_read(string output, string? version, int major)
    {
        Assert.Equal(version, ClientTools.ParseVersion(output));
        Assert.Equal(major, ClientTools.MajorOf(version ?? ""));
    }

    [Theory]
    [InlineData("pg_restore: error: COPY failed: ERROR:  could not extend file \"base/1\": No space left on device", "disk is full")]
    [InlineData("pg_dump: error: query failed: ERROR:  permission denied for table t", "may not do that")]
    [InlineData("pg_dump: error: server closed the connection unexpectedly", "lost PostgreSQL")]
    [InlineData("pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout", "holds a lock")]
    [InlineData("pg_dump: error: anything else", "pg_dump failed (u@db:5432/mlflow): pg_dump: error: anything else")]
    public void What_a_tool_says_is_explained(string line, string expected) =>
        Assert.Contains(expected, PostgresErrors.ExplainTool("pg_dump", [line], 1, Settings).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(137, "signal 9")]
    [InlineData(1, "exit code 1")]
    public void A_silent_end_is_explained_too(int exitCode, string expected) =>
        Assert.Contains(expected, PostgresErrors.ExplainTool("pg_dump", [], exitCode, Settings).Message, StringComparison.Ordinal);
}
