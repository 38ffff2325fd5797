using System.CommandLine;
using System.CommandLine.Parsing;

namespace KubectlMlopsBackup.Commands.Next;

/// <summary>A command line as it was given, to be asked and to be changed.</summary>
internal sealed class RunLine(ParseResult parsed)
{
    /// <summary>Which plan, which cluster, which namespace: the same with whatever comes next.</summary>
    private static readonly string[] Where = ["--plan", "--local", "--kubeconfig", "--context"];

    private const string Namespace = "--namespace";

    /// <summary>Such as <c>verify platform</c>; empty for the program alone.</summary>
    public string Verb
    {
        get
        {
            var names = new Stack<string>();
            for (SymbolResult? command = parsed.CommandResult; command is CommandResult { Command: not RootCommand } verb; command = command.Parent)
            {
                names.Push(verb.Command.Name);
            }

            return string.Join(' ', names);
        }
    }

    public bool IsLocal => parsed.GetValue(GlobalOptions.Local);

    /// <summary>The first; null where the verb has none.</summary>
    public string? Argument => parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).FirstOrDefault()?.Value;

    /// <param name="option">Its long name.</param>
    public bool Has(string option) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Any(o => !o.Implicit && o.Option.Name == option && !IsFalse(o));

    /// <returns>The same without one option; null where it was not given.</returns>
    public string? Without(string option) =>
        parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(o => !o.Implicit && o.Option.Name == option) is { } result
            ? string.Join(' ', ForwardedArguments.Of(parsed, result.Option).Select(ShellWord.Of))
            : null;

    /// <summary>The flags that say where, for the next command line.</summary>
    /// <param name="next">Whose they are to be: in a cluster, most verbs have the plan from there.</param>
    /// <param name="ns">The namespace that the verb worked in; null where none is known.</param>
    public string Place(NextStep next, string? ns)
    {
        var readsPlan = IsLocal || next.Line.StartsWith("install", StringComparison.Ordinal);
        var words = Given(parsed.CommandResult)
            .Where(o => Where.Contains(o.Option.Name) && (readsPlan || o.Option != GlobalOptions.Plan))
            .OrderBy(o => Array.IndexOf(Where, o.Option.Name))
            .SelectMany(o => o.Tokens.Count == 0 ? [o.Option.Name] : new[] { Short(o.Option), o.Tokens[^1].Value })
            .ToList();
        ns = Given(parsed.CommandResult).FirstOrDefault(o => o.Option.Name == Namespace) is { Tokens: [.., var given] } ? given.Value : ns;
        if (ns is not null && !IsLocal)
        {
            words.AddRange(["-n", ns]);
        }

        return string.Concat(words.Select(w => $" {ShellWord.Of(w)}"));
    }

    private static string Short(Option option) => option.Aliases.FirstOrDefault(a => a.Length == 2) ?? option.Name;

    private static bool IsFalse(OptionResult option) => option.Tokens is [var only] && string.Equals(only.Value, "false", StringComparison.OrdinalIgnoreCase);

    /// <summary>The verb's, and those of every verb.</summary>
    private static IEnumerable<OptionResult> Given(CommandResult command)
    {
        for (SymbolResult? at = command; at is CommandResult here; at = at.Parent)
        {
            foreach (var option in here.Children.OfType<OptionResult>().Where(o => !o.Implicit))
            {
                yield return option;
            }
        }
    }
}
