using System.CommandLine;
using System.CommandLine.Parsing;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands.Help;

/// <summary>Says what is wrong with a command line, and what was perhaps meant.</summary>
internal static class UsageErrors
{
    /// <summary>Whether the command line can be carried out.</summary>
    public static bool Any(ParseResult parsed) => parsed.Errors.Count > 0 || UnknownFlag(parsed) is not null;

    public static ExitCode Print(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        var unknown = UnknownFlag(parsed) ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        if (unknown is not null)
        {
            Unknown(command, unknown, error);
            return ExitCode.Usage;
        }

        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            error.Write($"error: {HelpPage.Of(command).Verb} needs a verb: {string.Join(", ", Verbs(command))}\n  fix: {Help(command)}\n");
            return ExitCode.Usage;
        }

        foreach (var message in parsed.Errors.Select(Message).Distinct())
        {
            error.Write($"error: {PlainText.Clean(message)}\n");
        }

        error.Write($"  fix: {Help(command)}\n");
        return ExitCode.Usage;
    }

    /// <summary>The parser takes a flag that it does not know for an argument, such as the id "--form".</summary>
    private static string? UnknownFlag(ParseResult parsed) =>
        parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash)
            ? null
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).Concat(parsed.UnmatchedTokens)
                .FirstOrDefault(w => w.Length > 1 && w[0] == '-');

    private static void Unknown(Command command, string word, TextWriter error)
    {
        var path = HelpPage.Of(command);
        var isOption = word.StartsWith('-');
        var (what, known) = isOption ? ("flag", Options(command)) : command.Subcommands.Count > 0 ? ("verb", Verbs(command)) : ("argument", []);
        var name = isOption ? word.Split('=', 2)[0] : word;
        var where = path.Verb.Length > 0 && what != "verb" ? $"{path.Verb} has no {what} {name}" : $"there is no {what} {name}";
        error.Write($"error: {PlainText.Clean(what == "argument" ? $"{path.Verb}: {name} is one word too many" : where)}\n");
        error.Write(Suggestion.Nearest(name, known) is { } near
            ? $"  fix: did you mean {near}? {Help(command)}\n"
            : $"  fix: {Help(command)}\n");
    }

    /// <summary>The parser's own words, and for a value that is none of a few: the nearest.</summary>
    private static string Message(ParseError error) =>
        error.SymbolResult is ArgumentResult { Tokens: [.., var token] } result
        && Suggestion.Nearest(token.Value, result.Argument.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(c => c.Label)) is { } near
            ? $"{OneLine(error.Message)} Did you mean {near}?"
            : OneLine(error.Message);

    /// <summary>The parser lists values a line each.</summary>
    private static string OneLine(string message) => string.Join(' ', message.Split((char[])['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static string Help(Command command)
    {
        var verb = HelpPage.Of(command).Verb;
        return $"see {HelpPage.Program} {(verb.Length > 0 ? verb + " " : "")}--help";
    }

    private static string[] Verbs(Command command) => [.. command.Subcommands.Where(c => !c.Hidden).SelectMany(c => c.Aliases.Prepend(c.Name))];

    private static string[] Options(Command command)
    {
        var options = command.Options.AsEnumerable();
        for (var above = command.Parents.OfType<Command>().FirstOrDefault(); above is not null; above = above.Parents.OfType<Command>().FirstOrDefault())
        {
            options = options.Concat(above.Options.Where(o => o.Recursive));
        }

        return [.. options.Where(o => !o.Hidden).SelectMany(o => o.Aliases.Prepend(o.Name))];
    }
}
