using System.CommandLine;
using KubectlMlopsBackup.Commands.Help;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands.Next;

/// <summary>
/// Says at the end of a verb what is to be typed next: to a person only. Where the result is for a program, nobody looks at the terminal,
/// or <c>--quiet</c> is given, it says nothing.
/// </summary>
internal static class NextPrinter
{
    /// <summary>After a verb that has come to its end, however good.</summary>
    public static void Print(ParseResult parsed, VerbContext context, ExitCode code)
    {
        var terminal = Terminal.Error(parsed.GetValue(GlobalOptions.Color));
        if (IsWanted(parsed, context.Format, terminal))
        {
            var run = new RunLine(parsed);
            Write(Console.Error, terminal, run, context.Next ?? NextSteps.After(run.Verb, code, run), context.Namespace);
        }
    }

    /// <summary>After an error, below its fix.</summary>
    /// <param name="fix">Null where there is none; where it names a command, that is the next.</param>
    public static void PrintFailure(ParseResult parsed, string? fix, ExitCode code)
    {
        if (fix?.Contains(HelpPage.Program, StringComparison.Ordinal) != true
            && OutputFormats.TryParse(parsed.GetValue(GlobalOptions.Output)) is { } format
            && Terminal.Error(parsed.GetValue(GlobalOptions.Color)) is var terminal && IsWanted(parsed, format, terminal))
        {
            var run = new RunLine(parsed);
            Write(Console.Error, terminal, run, NextSteps.After(run.Verb, code, run), null);
        }
    }

    internal static bool IsWanted(ParseResult parsed, OutputFormat format, Terminal error) =>
        error.IsTerminal && format is (OutputFormat.Table or OutputFormat.Wide) && !parsed.GetValue(GlobalOptions.Quiet);

    /// <param name="ns">Where the verb worked; null where that is not known.</param>
    internal static void Write(TextWriter output, Terminal terminal, RunLine run, NextStep? next, string? ns)
    {
        if (next is not null)
        {
            // The command has a line of its own: it is there to be copied.
            output.Write($"\nnext: {next.Why}\n  {new Paint(terminal.HasColor).Bold($"{HelpPage.Program} {PlainText.Clean(next.Line + run.Place(next, ns))}")}\n");
        }
    }
}
