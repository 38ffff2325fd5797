namespace KubectlMlopsBackup.Commands.Help;

/// <param name="Term">What is typed: <c>-f, --plan FILE</c>.</param>
/// <param name="Text">What it does; empty for nothing to say.</param>
internal sealed record HelpRow(string Term, string Text);
