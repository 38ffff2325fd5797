using System.CommandLine;

namespace KubectlMlopsBackup.Commands;

/// <summary>kubectl's own flag, for verbs that write to the cluster.</summary>
internal static class DryRunOption
{
    public static Option<string> Option { get; } = new("--dry-run")
    {
        Description = "client: say what would be applied, asking no cluster. server: have the API server check all of it, and change nothing.",
        HelpName = "client|server",
        CompletionSources = { "client", "server" },
        DefaultValueFactory = _ => "none",
    };

    /// <exception cref="UserError">Another word.</exception>
    public static DryRun Read(ParseResult parsed) => parsed.GetValue(Option) switch
    {
        null or "none" => DryRun.None,
        "client" => DryRun.Client,
        "server" => DryRun.Server,
        var other => throw new UserError($"--dry-run {other} is not known", "write --dry-run=client or --dry-run=server", ExitCode.Usage),
    };
}
