using System.Globalization;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// Reads what <c>pg_restore</c> writes to standard error. It goes on after an error, and many a lost table was announced
/// there and nowhere else: so what is not listed here as benign fails the restore.
/// </summary>
internal static partial class PgRestoreErrors
{
    private const string Error = "pg_restore: error: ";
    private const string Warning = "pg_restore: warning: ";

    private sealed record Benign(Regex Message, string Command, string Reason);

    private static readonly Benign[] List =
    [
        new(
            PublicExists(),
            "CREATE SCHEMA public",
            "dumps by pg_dump 10 and older create the schema public, which every new database has already"),
        new(
            NotOwnerOfExtension(),
            "COMMENT ON EXTENSION",
            "the comment on an extension is its author's, and CREATE EXTENSION has set it already"),
        new(
            TransactionTimeout(),
            "SET transaction_timeout = 0",
            "pg_restore 17 and newer switches a limit off that older servers do not have"),
    ];

    /// <summary>
    /// Lets a restore be given up at the first line that cannot turn out to be benign, and not after an hour.
    /// </summary>
    public static bool CannotBeBenign(string line) =>
        line.StartsWith(Error, StringComparison.Ordinal) && !List.Any(b => b.Message.IsMatch(line));

    /// <param name="lines">All of standard error.</param>
    /// <returns>Its errors and warnings, in order.</returns>
    public static IReadOnlyList<PgRestoreMessage> Read(IReadOnlyCollection<string> lines)
    {
        var messages = new List<PgRestoreMessage>();
        var current = new List<string>();
        var errors = 0;
        foreach (var line in lines.Append("pg_restore: while ENDING:"))
        {
            if (!line.StartsWith("pg_restore: ", StringComparison.Ordinal))
            {
                current.Add(line);
                continue;
            }

            if (current.Any(l => l.Length > 0))
            {
                errors += current[0].StartsWith(Error, StringComparison.Ordinal) ? 1 : 0;
                messages.Add(Judge(current, errors));
            }

            current.Clear();
            if (!Context().IsMatch(line))
            {
                current.Add(line);
            }
        }

        return messages;
    }

    private static PgRestoreMessage Judge(List<string> lines, int errorsSoFar)
    {
        var text = string.Join('\n', lines).TrimEnd();
        if (lines[0].StartsWith(Warning, StringComparison.Ordinal))
        {
            // Each of these errors was read and judged by itself.
            var ignored = ErrorsIgnored().Match(lines[0]);
            return new PgRestoreMessage(
                text,
                ignored.Success && int.Parse(ignored.Groups[1].ValueSpan, CultureInfo.InvariantCulture) == errorsSoFar
                    ? "it counts the errors above"
                    : null);
        }

        var command = lines.FirstOrDefault(l => l.StartsWith("Command was: ", StringComparison.Ordinal))?["Command was: ".Length..];
        var benign = List.FirstOrDefault(b =>
            b.Message.IsMatch(lines[0]) && command?.StartsWith(b.Command, StringComparison.Ordinal) == true);
        return new PgRestoreMessage(text, benign?.Reason);
    }

    [GeneratedRegex("^pg_restore: (while [A-Z ]+:|from TOC entry [0-9]+; )")]
    private static partial Regex Context();

    [GeneratedRegex("^pg_restore: warning: errors ignored on restore: ([0-9]{1,9})$")]
    private static partial Regex ErrorsIgnored();

    [GeneratedRegex("^pg_restore: error: could not execute query: ERROR:  schema \"public\" already exists$")]
    private static partial Regex PublicExists();

    [GeneratedRegex("^pg_restore: error: could not execute query: ERROR:  must be owner of extension ")]
    private static partial Regex NotOwnerOfExtension();

    [GeneratedRegex("^pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter \"transaction_timeout\"$")]
    private static partial Regex TransactionTimeout();
}
