namespace KubectlMlopsBackup.Commands.Next;

/// <summary>A word as a shell wants it typed.</summary>
internal static class ShellWord
{
    private const string Plain = "-_=+:,./@%^";

    /// <summary>In single quotes where a shell would read more into it.</summary>
    public static string Of(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
