using System.CommandLine;
using System.CommandLine.Invocation;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands.Help;

/// <summary>What <c>--help</c> does.</summary>
internal sealed class HelpPrinter : SynchronousCommandLineAction
{
    /// <summary>A verb that lacks an argument has help all the same.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var terminal = Terminal.Output(parseResult.GetValue(GlobalOptions.Color));
        new HelpWriter(Console.Out, new Paint(terminal.HasColor), terminal.IsTerminal ? Terminal.Width() : HelpWriter.Widest)
            .Write(HelpPage.Of(parseResult.CommandResult.Command));
        return (int)ExitCode.Done;
    }
}
