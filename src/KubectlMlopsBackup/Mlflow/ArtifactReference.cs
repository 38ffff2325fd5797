using System.Text;

namespace KubectlMlopsBackup.Mlflow;

/// <summary>One artifact URI that MLflow's database names.</summary>
/// <param name="Kind"><c>experiment</c>, <c>run</c>, <c>model_version</c>, <c>logged_model</c>, <c>trace</c>, <c>dataset</c>
/// or <c>workspace</c>.</param>
/// <param name="Id">Of that object; <c>name/version</c> for a model version.</param>
/// <param name="Deleted">Marked as deleted, but not yet gone: MLflow's own <c>gc</c> may have taken its artifacts away.</param>
/// <param name="Column">Where it stands: <c>table.column</c>.</param>
/// <param name="Uri">As MLflow wrote it; of what a run's tag names, <c>runs:/ID/PATH</c>.</param>
internal sealed record ArtifactReference(string Kind, string Id, bool Deleted, string Column, string Uri)
{
    public const string Run = "run";
    public const string Experiment = "experiment";
    public const string ModelVersion = "model_version";
    public const string LoggedModel = "logged_model";
    public const string Trace = "trace";
    public const string Dataset = "dataset";
    public const string Workspace = "workspace";

    private const string DeletedWord = "deleted";
    private const string ActiveWord = "active";
    private const int OldFields = 5;
    private const int Fields = 8;

    private static readonly string[] ExpectationWords = ["-", "files", "model", "trace"];

    /// <summary>Id of the experiment that it belongs to; empty where none is known.</summary>
    public string ExperimentId { get; init; } = "";

    /// <summary>Null where that was not recorded: versions before it wrote five fields.</summary>
    public ArtifactExpectation? Expects { get; init; }

    /// <summary>Where <see cref="Uri"/> leads, by what the database says, where it names another object of it; empty where it does not, or where
    /// that object is not there.</summary>
    public string Location { get; init; } = "";

    /// <returns>One line of <c>artifact-uris.tsv</c>, without its end: eight fields with tabs between them,
    /// tab, newline, carriage return and backslash in them written as <c>\t \n \r \\</c>.</returns>
    public string ToLine()
    {
        var old = string.Join('\t', Escape(Kind), Escape(Id), Deleted ? DeletedWord : ActiveWord, Escape(Column), Escape(Uri));
        return Expects is { } expects
            ? string.Join('\t', old, Escape(ExperimentId), ExpectationWords[(int)expects], Escape(Location))
            : old;
    }

    /// <exception cref="InvalidDataException">Not such a line.</exception>
    public static ArtifactReference Parse(string line)
    {
        var fields = line.Split('\t');
        var expects = fields.Length == Fields ? Array.IndexOf(ExpectationWords, fields[6]) : -1;
        if ((fields.Length != OldFields && expects < 0) || fields[2] is not (DeletedWord or ActiveWord))
        {
            throw new InvalidDataException($"a line of the artifact references makes no sense: {line}");
        }

        var reference = new ArtifactReference(
            Unescape(fields[0]), Unescape(fields[1]), fields[2] == DeletedWord, Unescape(fields[3]), Unescape(fields[4]));
        return expects < 0
            ? reference
            : reference with
            {
                ExperimentId = Unescape(fields[5]),
                Expects = (ArtifactExpectation)expects,
                Location = Unescape(fields[7]),
            };
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
