using System.CommandLine;

namespace KubectlMlopsBackup.Commands;

internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(_ =>
        {
            Console.Out.WriteLine($"kubectl-mlopsbackup {ToolVersion.Current}");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
