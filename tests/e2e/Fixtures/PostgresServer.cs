using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>
/// A throw-away PostgreSQL of our own: a cluster in a temporary directory, on a free loopback port, with scram passwords.
/// As root it runs as the user <c>postgres</c>, since it refuses to run as root.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    internal const string Superuser = "boss";

    private readonly string root = Path.Combine(Path.GetTempPath(), $"mlopsbackup-pg-{Guid.NewGuid():N}");
    private static readonly bool IsRoot = Environment.UserName == "root";

    public PostgresServer()
    {
        Data = Path.Combine(root, "data");
        Port = FreePort();
    }

    internal int Port { get; }

    /// <summary>Data directory; a test may mount something over it before it starts.</summary>
    internal string Data { get; init; }

    internal static string Bin { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin"))
            .Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault("")
        : "";

    internal static int Major => int.Parse(Path.GetFileName(Path.GetDirectoryName(Bin))!, System.Globalization.CultureInfo.InvariantCulture);

    internal string Password { get; } = $"pw-{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        Assert.True(Bin.Length > 0, "PostgreSQL's server programs are not installed (Debian: apt-get install postgresql)");
        Directory.CreateDirectory(root);
        var passwordFile = Path.Combine(root, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (IsRoot)
        {
            await RunAsync("chown", "-R", "postgres:postgres", root);
        }

        await RunAsServerAsync(
            Path.Combine(Bin, "initdb"), "-D", Data, "-U", Superuser, "--pwfile", passwordFile, "-A", "scram-sha-256",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await StartAsync();
    }

    internal Task StartAsync() => RunAsServerAsync(
        Path.Combine(Bin, "pg_ctl"), "-D", Data, "-w", "-l", Path.Combine(root, "log"), "-o",
        $"-p {Port} -k {root} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_wal_size=4GB", "start");

    /// <param name="mode"><c>fast</c> or <c>immediate</c>, which is as good as a crash.</param>
    internal Task StopAsync(string mode = "fast") => RunAsServerAsync(
        Path.Combine(Bin, "pg_ctl"), "-D", Data, "-w", "-m", mode, "stop");

    internal PostgresSettings Settings(string database, string user = Superuser, string? password = null) => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        User = user,
        Password = password ?? Password,
        ClientToolsDirectory = Bin,
    };

    internal async Task SqlAsync(string database, string sql, string user = Superuser, string? password = null)
    {
        await using var connection = await OpenAsync(database, user, password);
        await connection.RunAsync(sql, TestContext.Current.CancellationToken);
    }

    internal async Task<T?> ScalarAsync<T>(string database, string sql)
    {
        await using var connection = await OpenAsync(database, Superuser, null);
        return await connection.ScalarAsync<T>(sql, TestContext.Current.CancellationToken);
    }

    internal async Task<string[]> DatabasesAsync(string prefix)
    {
        await using var connection = await OpenAsync("postgres", Superuser, null);
        return
        [
            .. await connection.ListAsync(
                "SELECT datname::text FROM pg_database WHERE starts_with(datname::text, $1) ORDER BY 1",
                r => r.GetString(0),
                TestContext.Current.CancellationToken,
                prefix),
        ];
    }

    /// <summary>A database as text: all definitions and all rows, as pg_dump writes them, without what is random in it.</summary>
    internal async Task<string> ContentAsync(string database)
    {
        var environment = PostgresConnections.Environment(Settings(database), database);
        await using var child = ChildProcess.Start(Path.Combine(Bin, "pg_dump"), ["--format=plain"], environment);
        using var reader = new StreamReader(child.Output);
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await child.WaitAsync(TestContext.Current.CancellationToken));
        return string.Join(
            '\n',
            text.Split('\n').Where(l => !l.StartsWith("\\restrict", StringComparison.Ordinal)
                && !l.StartsWith("\\unrestrict", StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await StopAsync("immediate");
        }

        Directory.Delete(root, recursive: true);
    }

    private Task<Npgsql.NpgsqlConnection> OpenAsync(string database, string user, string? password) =>
        PostgresConnections.OpenAsync(Settings(database, user, password), database, TestContext.Current.CancellationToken);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task RunAsServerAsync(string program, params string[] arguments) => IsRoot
        ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments])
        : RunAsync(program, arguments);

    internal static async Task RunAsync(string program, params string[] arguments)
    {
        // Output goes nowhere by pipe: the server would inherit it, and the pipe would never end.
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments])
        {
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
