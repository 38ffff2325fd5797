using System.CommandLine;
using System.CommandLine.Completions;
using KubectlMlopsBackup.Commands.Help;

namespace KubectlMlopsBackup.Commands.Completion;

/// <summary>Finds what the last of some words could become: verbs, options, and the values that their completion sources know.</summary>
internal sealed class Completer(RootCommand root)
{
    private const string EndOfOptions = "--";

    /// <summary>How the help calls values that are names of files or folders.</summary>
    private static readonly HashSet<string> FileWords = new(StringComparer.Ordinal) { "FILE", "DIR", "PLACE", "FOLDER" };

    // A word that begins with @ is a word: no file is read for it.
    private static readonly ParserConfiguration NoFilesOfArguments = new() { ResponseFileTokenReplacer = null };

    /// <param name="words">Without the program's name; the last is the one being typed, perhaps empty.</param>
    public CompletionAnswer Complete(IReadOnlyList<string> words)
    {
        var typed = words.Count > 0 ? words[^1] : "";
        string[] before = [.. words.SkipLast(1)];
        var place = Walk(before);
        // An option whose value is still being typed would be an error to whoever reads the options.
        var context = root.Parse(place.Pending is null ? before : before[..^1], NoFilesOfArguments).GetCompletionContext();
        if (place.Pending is { } pending)
        {
            return Values(pending.CompletionSources, pending.HelpName, context, typed);
        }

        if (!place.OnlyArguments && typed.StartsWith('-'))
        {
            var (name, value) = Split(typed);
            return value is null ? Options(place, typed)
                : Find(place.Command, name) is { } option && option.Arity.MaximumNumberOfValues > 0 ? Values(option.CompletionSources, option.HelpName, context, value)
                : CompletionAnswer.Nothing;
        }

        return place is { Arguments: 0, Command.Subcommands.Count: > 0 }
            ? Answer(place.Command.Subcommands.Where(c => !c.Hidden).Select(c => new CompletionItem(c.Name, detail: Summary.Of(c.Description))), typed)
            : Argument(place) is { } argument ? Values(argument.CompletionSources, argument.HelpName ?? argument.Name, context, typed)
            : CompletionAnswer.Nothing;
    }

    private sealed record Place(Command Command, int Arguments, Option? Pending, bool OnlyArguments, IReadOnlySet<Option> Given);

    /// <summary>Where in the tree the words lead to.</summary>
    private Place Walk(IEnumerable<string> words)
    {
        Command command = root;
        var arguments = 0;
        Option? pending = null;
        var onlyArguments = false;
        var given = new HashSet<Option>();
        foreach (var word in words)
        {
            if (pending is not null)
            {
                pending = null;
            }
            else if (!onlyArguments && word == EndOfOptions)
            {
                onlyArguments = true;
            }
            else if (!onlyArguments && word.Length > 1 && word[0] == '-')
            {
                var (name, value) = Split(word);
                if (Find(command, name) is { } option)
                {
                    given.Add(option);
                    pending = value is null && option.Arity.MinimumNumberOfValues > 0 ? option : null;
                }
            }
            else if (arguments == 0 && command.Subcommands.FirstOrDefault(c => c.Name == word || c.Aliases.Contains(word)) is { } verb)
            {
                command = verb;
            }
            else
            {
                arguments++;
            }
        }

        return new Place(command, arguments, pending, onlyArguments, given);
    }

    private static CompletionAnswer Options(Place place, string typed) => Answer(
        from option in All(place.Command)
        where !option.Hidden && (!place.Given.Contains(option) || option.Arity.MaximumNumberOfValues > 1)
        from name in option.Aliases.Prepend(option.Name).Where(n => n[0] == '-')
        where typed.StartsWith(EndOfOptions, StringComparison.Ordinal) || name == option.Name || typed.Length < 2
        select new CompletionItem(name, detail: Summary.Of(option.Description)),
        typed);

    private static Argument? Argument(Place place) =>
        place.Command.Arguments.Count > place.Arguments ? place.Command.Arguments[place.Arguments]
        : place.Command.Arguments is [.., { Arity.MaximumNumberOfValues: > 1 } last] ? last
        : null;

    /// <summary>Straight from the sources: the library would compare them with the last word before the one being typed.</summary>
    private static CompletionAnswer Values(
        IEnumerable<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, string? helpName, CompletionContext context, string typed)
    {
        var answer = Answer(sources.SelectMany(s => s(context)), typed);
        return answer.Candidates.Count == 0 && helpName is not null && FileWords.Contains(helpName) ? CompletionAnswer.Files : answer;
    }

    /// <summary>Those that begin with what is typed, each once, in the order they came in.</summary>
    private static CompletionAnswer Answer(IEnumerable<CompletionItem> candidates, string typed) => new(
        [.. candidates.Where(c => c.Label.StartsWith(typed, StringComparison.Ordinal)).DistinctBy(c => c.Label)],
        CompletionDirective.NoFiles);

    private static Option? Find(Command command, string name) => All(command).FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name));

    /// <summary>The command's own options, then those that it has from above.</summary>
    private static IEnumerable<Option> All(Command command)
    {
        IEnumerable<Option> options = command.Options;
        for (var above = command.Parents.OfType<Command>().FirstOrDefault(); above is not null; above = above.Parents.OfType<Command>().FirstOrDefault())
        {
            options = options.Concat(above.Options.Where(o => o.Recursive));
        }

        return options;
    }

    private static (string Name, string? Value) Split(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (word[..at], word[(at + 1)..]) : (word, null);
}
