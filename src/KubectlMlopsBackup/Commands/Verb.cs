using System.CommandLine;

namespace KubectlMlopsBackup.Commands;

/// <summary>Makes commands whose exit codes are <see cref="ExitCode"/>.</summary>
internal static class Verb
{
    public static Command Create(
        string name,
        string description,
        IEnumerable<Symbol> symbols,
        Func<ParseResult, VerbContext, CancellationToken, Task<ExitCode>> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument:
                    command.Arguments.Add(argument);
                    break;
                case Option option:
                    command.Options.Add(option);
                    break;
                case Command child:
                    command.Subcommands.Add(child);
                    break;
            }
        }

        command.SetAction(async (parsed, cancellationToken) =>
            (int)await run(parsed, new VerbContext(parsed), cancellationToken));
        return command;
    }
}
