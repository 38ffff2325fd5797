using System.CommandLine;

namespace KubectlMlopsBackup.Commands.Help;

/// <summary>What there is to say of a verb: the text of <c>--help</c>, and of its page in the documentation.</summary>
internal sealed record HelpPage
{
    public const string Program = "kubectl mlopsbackup";

    /// <summary>Such as <c>key add</c>; empty for the program itself.</summary>
    public required string Verb { get; init; }

    /// <summary>Without line breaks in them.</summary>
    public required IReadOnlyList<string> Paragraphs { get; init; }

    public required string Usage { get; init; }

    public required IReadOnlyList<HelpExample> Examples { get; init; }

    /// <summary>Verbs below it, by task: one group without a name, but for the program itself.</summary>
    public required IReadOnlyList<(string Task, IReadOnlyList<HelpRow> Verbs)> Verbs { get; init; }

    public required IReadOnlyList<HelpRow> Arguments { get; init; }

    /// <summary>Its own; those of every verb are the program's.</summary>
    public required IReadOnlyList<HelpRow> Options { get; init; }

    public bool IsProgram => Verb.Length == 0;

    public static HelpPage Of(Command command)
    {
        var verb = NameOf(command);
        var children = command.Subcommands.Where(c => !c.Hidden).ToArray();
        var arguments = command.Arguments.Where(a => !a.Hidden).ToArray();
        string[] usage =
        [
            Program,
            .. verb.Length > 0 ? [verb] : Array.Empty<string>(),
            .. children.Length > 0 ? ["VERB"] : Array.Empty<string>(),
            .. arguments.Select(a => a.Arity.MinimumNumberOfValues > 0 && !a.HasDefaultValue ? Label(a) : $"[{Label(a)}]"),
            "[flags]",
        ];
        return new HelpPage
        {
            Verb = verb,
            Paragraphs = [.. (command.Description ?? "").Trim().Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(p => p.Trim().Replace('\n', ' '))],
            Usage = string.Join(' ', usage),
            Examples = HelpTopics.Examples.TryGetValue(verb, out var examples) ? examples : [],
            Verbs = Grouped(children, byTask: verb.Length == 0),
            Arguments = [.. arguments.Select(a => new HelpRow(Label(a), Text(a.Description, a.HasDefaultValue ? a.GetDefaultValue() : null)))],
            Options = [.. command.Options.Where(o => !o.Hidden).Select(o => new HelpRow(Label(o), Text(o.Description, o.HasDefaultValue ? o.GetDefaultValue() : null)))],
        };
    }

    private static string NameOf(Command command)
    {
        var names = new Stack<string>();
        for (var c = command; c is not (null or RootCommand); c = c.Parents.OfType<Command>().FirstOrDefault())
        {
            names.Push(c.Name);
        }

        return string.Join(' ', names);
    }

    private static IReadOnlyList<(string, IReadOnlyList<HelpRow>)> Grouped(Command[] children, bool byTask)
    {
        if (!byTask)
        {
            return children.Length == 0 ? [] : [("", [.. children.Select(Row)])];
        }

        return
        [
            .. from task in HelpTopics.Tasks
               let verbs = children.Where(c => HelpTopics.TaskOf(c.Name) == task.Task)
                   // Those that the task does not name come last, in the order of the tree.
                   .OrderBy(c => Array.IndexOf(task.Verbs, c.Name) is >= 0 and var at ? at : int.MaxValue).Select(Row).ToArray()
               where verbs.Length > 0
               select (task.Task, (IReadOnlyList<HelpRow>)verbs),
        ];
    }

    private static HelpRow Row(Command command) => new(command.Name, Summary.Of(command.Description));

    private static string Label(Argument argument) => argument.HelpName ?? argument.Name;

    /// <summary>Short names first, as kubectl has them.</summary>
    private static string Label(Option option)
    {
        // Not those of other systems: /h and -? work, and nobody looks for them.
        var names = string.Join(", ", option.Aliases.Append(option.Name).Where(n => n[0] == '-' && n != "-?").OrderBy(n => n.Length > 2).ThenBy(n => n != option.Name));
        return option.HelpName is { } value ? $"{names} {value}" : names;
    }

    /// <summary>With its default, unless the description has a word on that.</summary>
    private static string Text(string? description, object? value)
    {
        var text = (description ?? "").Replace('\n', ' ').Trim();
        return value is string { Length: > 0 } shown and not "none" && !text.Contains("efault", StringComparison.Ordinal)
            ? $"{text} Default: {shown}."
            : text;
    }
}
