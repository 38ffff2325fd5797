using System.CommandLine;
using KubectlMlopsBackup.Commands.Next;

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

        command.SetAction(async (parsed, cancellationToken) => (int)await RunAsync(run, parsed, new VerbContext(parsed), cancellationToken));
        return command;
    }

    private static async Task<ExitCode> RunAsync(
        Func<ParseResult, VerbContext, CancellationToken, Task<ExitCode>> run, ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var began = context.Clock.GetTimestamp();
        try
        {
            var code = await run(parsed, context, cancellationToken);
            Show(context.Held);
            await RunNotice.SendAsync(parsed, context, code, null, context.Clock.GetElapsedTime(began));
            await RunPush.SendAsync(parsed, context, code, null, context.Clock.GetElapsedTime(began));
            NextPrinter.Print(parsed, context, code);
            return code;
        }
        catch (Exception e)
        {
            Show(context.Held);
            await RunNotice.SendAsync(parsed, context, ExitCode.Failed, e, context.Clock.GetElapsedTime(began));
            await RunPush.SendAsync(parsed, context, ExitCode.Failed, e, context.Clock.GetElapsedTime(began));
            throw;
        }
    }

    private static void Show(HeldNotes held)
    {
        foreach (var line in held.Take())
        {
            Console.Error.WriteLine(line);
        }
    }
}
