using System.CommandLine;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>Options of every verb.</summary>
internal static class GlobalOptions
{
    public static Option<string> Plan { get; } = new("--plan", "-f")
    {
        Description = "File of the plan. Default: $MLOPSBACKUP_PLAN, or mlopsbackup.yaml in this folder.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<bool> Local { get; } = new("--local")
    {
        Description = "Work in this process, with the addresses of the plan, instead of making a Job in a cluster.",
        Recursive = true,
    };

    public static Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "How to print: table (on a narrow terminal, without some columns), wide (with all of them), json, yaml, name or events (a line of JSON for whatever happens).",
        HelpName = "FORMAT",
        CompletionSources = { "table", "wide", "json", "yaml", "name", "events" },
        Recursive = true,
    };

    public static Option<string> Color { get; } = new("--color")
    {
        Description = "auto (on a terminal, unless NO_COLOR is set), always or never.",
        HelpName = "WHEN",
        Recursive = true,
        DefaultValueFactory = _ => Terminal.AutoColor,
    };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "No progress.",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose", "-v")
    {
        Description = "With a failure, show where in the program it came from.",
        Recursive = true,
    };
}
