using System.CommandLine;
using KubectlMlopsBackup.Commands;

namespace KubectlMlopsBackup;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var parsed = CommandTree.Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"error: {error.Message}");
            }

            await Console.Error.WriteLineAsync("  fix: kubectl mlopsbackup --help, or --help after a verb");
            return (int)ExitCode.Usage;
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
            return (int)ErrorPrinter.Print(e, parsed.GetValue(GlobalOptions.Verbose), parsed.GetValue(GlobalOptions.Output) == "events");
        }
    }
}
