namespace KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

/// <summary>The published native binary, run as a user runs it.</summary>
internal static class CommandLine
{
    private const string Variable = "MLOPSBACKUP_BINARY";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <exception cref="Xunit.Sdk.XunitException">It is not there: the test fails, for a suite without it would prove nothing.</exception>
    public static string Binary
    {
        get
        {
            var path = Environment.GetEnvironmentVariable(Variable)
                ?? Path.Combine(Checkout(), "out", OperatingSystem.IsWindows() ? "kubectl-mlopsbackup.exe" : "kubectl-mlopsbackup");
            Assert.True(File.Exists(path), $"there is no published binary at {path}: run `make build` first, or set {Variable}");
            return path;
        }
    }

    public static CliProcess Start(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string? input = null) => new(Binary, arguments, environment, folder, input);

    /// <summary>Runs it to its end.</summary>
    public static async Task<CliResult> RunAsync(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string? input = null,
        TimeSpan? timeout = null)
    {
        using var process = Start(arguments, environment, folder, input);
        return await process.WaitAsync(timeout ?? Patience, TestContext.Current.CancellationToken);
    }

    public static string Checkout()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "KubectlMlopsBackup.sln")))
            {
                return folder;
            }
        }

        return Directory.GetCurrentDirectory();
    }
}
