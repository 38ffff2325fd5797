namespace KubectlMlopsBackup.Commands.Help;

/// <summary>The first sentence of a description, for lists.</summary>
internal static class Summary
{
    public static string Of(string? description)
    {
        var paragraph = (description ?? "").Trim().Split("\n\n", 2)[0].Replace('\n', ' ');
        for (var at = paragraph.IndexOf(". ", StringComparison.Ordinal); at >= 0; at = paragraph.IndexOf(". ", at + 1, StringComparison.Ordinal))
        {
            // A capital begins a sentence; what follows an abbreviation does not.
            if (at + 2 < paragraph.Length && char.IsUpper(paragraph[at + 2]))
            {
                return paragraph[..at];
            }
        }

        return paragraph.TrimEnd('.');
    }
}
