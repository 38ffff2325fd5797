using System.CommandLine;
using KubectlMlopsBackup.Manifests;
using Scriban.Runtime;

namespace KubectlMlopsBackup.Commands.Completion;

internal static class CompletionCommand
{
    /// <summary>How the shells' scripts ask: cobra's word for it, which other tools call, too.</summary>
    public const string Ask = "__complete";

    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash, zsh, fish or powershell; kubectl for the helper that kubectl itself calls." };

    private static readonly string[] Shells = ["bash", "zsh", "fish", "powershell", "kubectl"];

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong(Shells);
        var command = new Command(
            "completion",
            """
            Print the script that completes verbs, options, namespaces, contexts and ids in a shell.

            Each completes kubectl-mlopsbackup. For "kubectl mlopsbackup <TAB>", kubectl's own completion must be on, and the helper
            kubectl_complete-mlopsbackup in the PATH: "completion kubectl" prints it; releases bring it along.
            """);
        command.Arguments.Add(Shell);
        command.SetAction(parsed =>
        {
            Console.Out.Write(TemplateRenderer.Render($"completion/{parsed.GetValue(Shell)}.sbn", new ScriptObject { ["ask"] = Ask }));
            return (int)ExitCode.Done;
        });
        return command;
    }

    /// <summary>Answers a shell. It never fails: a shell has no place to show why.</summary>
    /// <param name="words">Without the program's name; the last is the one being typed.</param>
    public static int Answer(IReadOnlyList<string> words)
    {
        CompletionAnswer answer;
        try
        {
            answer = new Completer(CommandTree.Create()).Complete(words);
        }
        catch (Exception e) when (e is UserError or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // No plan, no kubeconfig, or one that cannot be used: the verb itself will say so.
            answer = CompletionAnswer.Nothing;
        }

        answer.Write(Console.Out);
        return (int)ExitCode.Done;
    }
}
