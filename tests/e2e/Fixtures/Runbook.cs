using System.Text.RegularExpressions;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>The commands of docs/dr-runbook.md: its fenced blocks that have a name, such as <c>```sh database</c>.</summary>
internal static partial class Runbook
{
    /// <summary>Blocks that are for kubectl and a cluster.</summary>
    public const string ClusterPrefix = "cluster-";

    public static IReadOnlyDictionary<string, string> Blocks { get; } = Block()
        .Matches(File.ReadAllText(Path.Combine(CommandLine.Checkout(), "docs", "dr-runbook.md")))
        .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

    /// <summary>Runs one block as an engineer types it: with bash, and stopping at the first command that fails.</summary>
    /// <param name="before">Commands before it: settings, and what stands in for a program.</param>
    public static async Task RunAsync(string name, string before, IReadOnlyDictionary<string, string> environment)
    {
        await using var shell = ChildProcess.Start(
            "bash", ["-c", $"set -euo pipefail\n{before}\n{Blocks[name]}"], new Dictionary<string, string>(environment));
        shell.CloseInput();
        var reading = new StreamReader(shell.Output).ReadToEndAsync(TestContext.Current.CancellationToken);
        var code = await shell.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(code == 0, $"block {name} of the runbook ended with {code}:\n{Blocks[name]}\n{await reading}\n{string.Join('\n', shell.ErrorLines)}");
    }

    [GeneratedRegex("^```sh ([a-z0-9-]+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
