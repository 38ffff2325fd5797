using System.CommandLine.Completions;

namespace KubectlMlopsBackup.Commands.Completion;

/// <summary>What the word that is being typed could become.</summary>
/// <param name="Candidates">Of an option's value written as <c>--option=value</c>: the value alone, as cobra has it.</param>
internal sealed record CompletionAnswer(IReadOnlyList<CompletionItem> Candidates, CompletionDirective Directive)
{
    public static CompletionAnswer Nothing { get; } = new([], CompletionDirective.NoFiles);

    public static CompletionAnswer Files { get; } = new([], CompletionDirective.Files);

    /// <summary>A candidate a line, a tab before its description; the directive comes last.</summary>
    public void Write(TextWriter output)
    {
        foreach (var candidate in Candidates)
        {
            output.Write(string.IsNullOrEmpty(candidate.Detail) ? $"{Clean(candidate.Label)}\n" : $"{Clean(candidate.Label)}\t{Clean(candidate.Detail)}\n");
        }

        output.Write($":{(int)Directive}\n");
    }

    /// <summary>Names come from clusters and files: a line stays a line, a field a field.</summary>
    private static string Clean(string text) => Output.PlainText.Clean(text);
}
