using System.CommandLine;
using KubectlMlopsBackup.Commands.Next;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Commands;

/// <summary>What is advised works as it is printed: its commands go to where this one went.</summary>
internal static class CommandAddress
{
    private const string Program = "kubectl mlopsbackup ";

    /// <summary>A text that says already where its commands go is left as it is.</summary>
    private static readonly string[] Addressed = [" -n ", "--namespace", "--local", "--direct"];

    public static string Add(string text, ParseResult parsed) =>
        !text.Contains(Program, StringComparison.Ordinal) || Array.Exists(Addressed, a => text.Contains(a, StringComparison.Ordinal)) || Of(parsed) is not { } address
            ? text
            : text.Replace(Program, $"{Program}{address} ", StringComparison.Ordinal);

    /// <returns>Null for where commands go by themselves; and in a pod, whose user is elsewhere.</returns>
    private static string? Of(ParseResult parsed)
    {
        if (!parsed.GetValue(GlobalOptions.Local))
        {
            return parsed.GetValue(ClusterFlags.Namespace) is { } ns ? $"-n {ShellWord.Of(ns)}" : null;
        }

        var plan = VerbContext.PathOf(parsed);
        return plan == AgentPaths.Plan ? null : $"--local{(parsed.GetResult(GlobalOptions.Plan) is null ? "" : $" --plan {ShellWord.Of(plan)}")}";
    }
}
