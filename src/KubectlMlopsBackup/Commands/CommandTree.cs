using System.CommandLine;
using System.CommandLine.Help;
using KubectlMlopsBackup.Commands.Completion;
using KubectlMlopsBackup.Commands.Help;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>All verbs.</summary>
internal static class CommandTree
{
    public static RootCommand Create()
    {
        var root = new RootCommand(
            """
            Back up, restore and rehearse the recovery of an MLOps platform: PostgreSQL (MLflow's metadata), MLflow's artifacts, and the Kubernetes configuration.

            Exit codes: 0 done, 1 failed, 2 usage or plan error, 3 finished but incomplete, 4 a check found damage,
            10 no repository, 11 locked, 12 wrong key, 130 cancelled.
            """);
        root.Options.Add(GlobalOptions.Plan);
        root.Options.Add(GlobalOptions.Local);
        root.Options.Add(GlobalOptions.Output);
        GlobalOptions.Color.AcceptOnlyFromAmong(Terminal.AutoColor, Terminal.AlwaysColor, Terminal.NeverColor);
        root.Options.Add(GlobalOptions.Color);
        root.Options.Add(GlobalOptions.Quiet);
        root.Options.Add(GlobalOptions.Verbose);
        foreach (var flag in ClusterFlags.All)
        {
            root.Options.Add(flag);
        }

        Command[] verbs =
        [
            InitCommand.Create(), RenderCommand.Create(), InstallCommand.Create(), UninstallCommand.Create(),
            RecoverCommand.Create(), DrillCommand.Create(),
            BackupCommand.Create(), RestoreCommand.Create(), ListCommand.Create(), DescribeCommand.Create(),
            DoctorCommand.Create(), AlertsCommand.Create(), DashboardCommand.Create(), ExporterCommand.Create(),
            ExportCommand.Create(), DiffCommand.Create(), VerifyCommand.Create(), PruneCommand.Create(), MirrorCommand.Create(), ImportCommand.Create(), StatusCommand.Create(), LogsCommand.Create(),
            ReportCommand.Create(), KeyCommand.Create(), S3Command.Create(), DropPreviousCommand.Create(), CompletionCommand.Create(), VersionCommand.Create(), HoldCommand.Create(), DrillArtifactsCommand.Create(),
        ];
        foreach (var verb in verbs)
        {
            root.Subcommands.Add(verb);
        }

        root.Options.OfType<HelpOption>().Single().Action = new HelpPrinter();
        return root;
    }
}
