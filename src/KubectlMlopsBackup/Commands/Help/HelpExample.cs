namespace KubectlMlopsBackup.Commands.Help;

/// <param name="Says">What it does, in a few words.</param>
/// <param name="Line">What is typed after <c>kubectl mlopsbackup</c>.</param>
internal sealed record HelpExample(string Says, string Line);
