using System.CommandLine;
using System.CommandLine.Parsing;

namespace KubectlMlopsBackup.Commands;

/// <summary>The verb with its own arguments and options as they were given here, for the same verb in a Job.</summary>
internal static class ForwardedArguments
{
    /// <param name="not">Options that only mean something on this side.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed, params IReadOnlyCollection<Option> not)
    {
        var forwarded = Verbs(parsed);
        foreach (var argument in parsed.CommandResult.Children.OfType<ArgumentResult>())
        {
            forwarded.AddRange(argument.Tokens.Select(t => t.Value));
        }

        forwarded.AddRange(Options(parsed, not));
        return forwarded;
    }

    /// <summary>Such as <c>key</c>, <c>list</c>.</summary>
    public static List<string> Verbs(ParseResult parsed)
    {
        var verbs = new List<string>();
        for (SymbolResult? command = parsed.CommandResult; command is CommandResult { Command: not RootCommand } verb; command = command.Parent)
        {
            verbs.Insert(0, verb.Command.Name);
        }

        return verbs;
    }

    public static IEnumerable<string> Options(ParseResult parsed, params IReadOnlyCollection<Option> not)
    {
        foreach (var option in parsed.CommandResult.Children.OfType<OptionResult>())
        {
            if (option.Implicit || option.Option.Recursive || not.Contains(option.Option))
            {
                continue;
            }

            if (option.Tokens.Count == 0)
            {
                yield return option.Option.Name;
            }

            // In one word with its name: a value may begin with a dash.
            foreach (var token in option.Tokens)
            {
                yield return $"{option.Option.Name}={token.Value}";
            }
        }
    }
}
