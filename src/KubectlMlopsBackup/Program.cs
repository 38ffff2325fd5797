using System.CommandLine;
using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.Commands.Completion;
using KubectlMlopsBackup.Commands.Help;

namespace KubectlMlopsBackup;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [CompletionCommand.Ask, .. var words])
        {
            return CompletionCommand.Answer(words);
        }

        // Alone it has nothing to do but say what it could do.
        var parsed = CommandTree.Create().Parse(args.Length > 0 ? args : ["--help"]);
        if (UsageErrors.Any(parsed))
        {
            return (int)UsageErrors.Print(parsed, Console.Error);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // Long enough to end child processes and leave the repository whole.
                ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
            });
        }
        catch (Exception e)
        {
            return (int)ErrorPrinter.PrintLast(e, parsed);
        }
    }
}
