namespace KubectlMlopsBackup.Commands.Completion;

/// <summary>
/// What the shell is to do with the candidates: cobra's numbers, which kubectl reads of its plugins, too.
/// Source: github.com/spf13/cobra, completions.go, ShellCompDirective.
/// </summary>
internal enum CompletionDirective
{
    /// <summary>Complete names of files where there are no candidates.</summary>
    Files = 0,

    /// <summary>The candidates are all there is.</summary>
    NoFiles = 4,
}
