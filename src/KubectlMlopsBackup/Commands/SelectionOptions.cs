using System.CommandLine;
using System.Globalization;
using KubectlMlopsBackup.Commands.Completion;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Commands;

/// <summary>The options <c>--from</c>, <c>--at</c> and <c>--repository</c>.</summary>
internal static class SelectionOptions
{
    public static Option<string> From { get; } = new("--from")
    {
        Description = "latest, or the first digits of the id of a snapshot or a recovery point.",
        HelpName = "ID",
        CompletionSources = { KnownSnapshots.From },
        DefaultValueFactory = _ => RestoreSelection.Latest,
    };

    public static Option<string> At { get; } = new("--at")
    {
        Description = "The newest not after this time, such as 2026-11-24T02:00:00Z (UTC if no zone is given).",
        HelpName = "TIME",
    };

    public static Option<string> Repository { get; } = new("--repository", "-r", "--from-repository")
    {
        Description = "Name of a repository in the plan. Default: all, or the first that has what is asked for.",
        HelpName = "NAME",
        CompletionSources = { KnownNames.Repositories },
    };

    /// <exception cref="UserError">Both were given, or the time is none.</exception>
    public static RestoreSelection Read(ParseResult parsed)
    {
        var from = parsed.GetValue(From)!;
        if (parsed.GetValue(At) is not { } text)
        {
            return new RestoreSelection(from, null);
        }

        if (from != RestoreSelection.Latest)
        {
            throw new UserError("--from and --at cannot be used together", "give one of them", ExitCode.Usage);
        }

        return new RestoreSelection(from, Time(text));
    }

    /// <param name="text">The value of <c>--at</c>.</param>
    /// <exception cref="UserError">It is no time.</exception>
    public static DateTimeOffset Time(string text)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out var at)
            ? at
            : throw new UserError($"--at {text} is not a time", "write it as 2026-11-24T02:00:00Z", ExitCode.Usage);
    }
}
