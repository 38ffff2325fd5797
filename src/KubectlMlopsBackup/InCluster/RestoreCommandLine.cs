namespace KubectlMlopsBackup.InCluster;

/// <summary>The command that goes on with a restore, as it is to be pasted.</summary>
internal static class RestoreCommandLine
{
    /// <param name="flag"><c>--resume</c> or <c>--abort</c>; empty for a restore anew.</param>
    /// <param name="source">The namespace whose backups are restored.</param>
    /// <param name="target">The one that they are restored into.</param>
    public static string Of(string flag, string source, string target) =>
        $"kubectl mlopsbackup restore {flag}{(flag.Length == 0 ? "" : " ")}-n {source}{(source == target ? "" : $" --to-namespace {target}")}";
}
