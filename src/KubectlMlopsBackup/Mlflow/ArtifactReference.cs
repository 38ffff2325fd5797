using System.Text;

namespace KubectlMlopsBackup.Mlflow;

/// <summary>One artifact URI that MLflow's database names.</summary>
/// <param name="Kind"><c>experiment</c>, <c>run</c>, <c>model_version</c>, <c>logged_model</c>, <c>trace</c>, <c>dataset</c>
/// or <c>workspace</c>.</param>
/// <param name="Id">Of that object; <c>name/version</c> for a model version.</param>
/// <param name="Deleted">Marked as deleted, but not yet gone: MLflow's own <c>gc</c> may have taken its artifacts away.</param>
/// <param name="Column">Where it stands: <c>table.column</c>.</param>
/// <param name="Uri">As MLflow wrote it.</param>
internal sealed record ArtifactReference(string Kind, string Id, bool Deleted, string Column, string Uri)
{
    private const string DeletedWord = "deleted";
    private const string ActiveWord = "active";

    /// <returns>One line of <c>artifact-uris.tsv</c>, without its end: five fields with tabs between them,
    /// tab, newline, carriage return and backslash in them written as <c>\t \n \r \\</c>.</returns>
    public string ToLine() => string.Join(
        '\t', Escape(Kind), Escape(Id), Deleted ? DeletedWord : ActiveWord, Escape(Column), Escape(Uri));

    /// <exception cref="InvalidDataException">Not such a line.</exception>
    public static ArtifactReference Parse(string line)
    {
        var fields = line.Split('\t');
        return fields.Length == 5 && fields[2] is (DeletedWord or ActiveWord)
            ? new ArtifactReference(
                Unescape(fields[0]), Unescape(fields[1]), fields[2] == DeletedWord, Unescape(fields[3]), Unescape(fields[4]))
            : throw new InvalidDataException($"a line of the artifact references makes no sense: {line}");
    }

    private static string Escape(string text) =>
        text.AsSpan().IndexOfAny("\t\n\r\\") < 0
            ? text
            : text.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\t", "\\t", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal)
                .Replace("\r", "\\r", StringComparison.Ordinal);

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            result.Append(i == text.Length ? throw Nonsense(text) : text[i] switch
            {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => throw Nonsense(text),
            });
        }

        return result.ToString();
    }

    private static InvalidDataException Nonsense(string text) =>
        new($"an escape in the artifact references makes no sense: {text}");
}
