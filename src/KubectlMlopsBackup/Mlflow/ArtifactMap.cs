using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Mlflow;

/// <summary>What <c>--map-artifacts OLD=NEW</c> says, all of them: where artifacts that lay at OLD lie now.</summary>
internal sealed partial class ArtifactMap
{
    /// <summary>Starts every message about it, also those that the server raises.</summary>
    public const string OptionName = "--map-artifacts";

    private const string Wanted = "write OLD=NEW, such as s3://old-bucket/mlflow=s3://new-bucket/mlflow, or /mnt/old=/mnt/new";

    private ArtifactMap(IReadOnlyList<ArtifactMapping> mappings) => Mappings = mappings;

    /// <summary>The longest OLD first, which has precedence over shorter ones that fit as well.</summary>
    public IReadOnlyList<ArtifactMapping> Mappings { get; }

    /// <returns>Null where there are none.</returns>
    /// <exception cref="UserError">One makes no sense.</exception>
    public static ArtifactMap? Parse(IReadOnlyCollection<string> texts)
    {
        var mappings = texts.Select(ParseOne).Distinct().OrderByDescending(m => m.Old.Length).ThenBy(m => m.Old, StringComparer.Ordinal).ToList();
        if (mappings.GroupBy(m => m.Old, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw Refuse($"{ArtifactMapping.Shown(twice.Key)} is mapped to two places", "leave one of them out");
        }

        return mappings.Count == 0 ? null : new ArtifactMap(mappings);
    }

    /// <summary>Relative to the MLflow server or to another object of it: means the same wherever the artifacts lie.</summary>
    public static bool IsRelativeToServer(string uri) => ServerUri().IsMatch(uri);

    public ArtifactMapping? Find(string uri) => Mappings.FirstOrDefault(m => m.Fits(uri));

    /// <returns>Null where the URI is to stay as it is.</returns>
    public string? Rewrite(string uri) => Find(uri)?.Apply(uri);

    /// <returns>An array, for the server: <c>o</c> old, <c>n</c> new, <c>x</c> what OLD itself becomes.</returns>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var mapping in Mappings)
            {
                json.WriteStartObject();
                json.WriteString("o", mapping.Old);
                json.WriteString("n", mapping.New);
                json.WriteString("x", mapping.Root);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static ArtifactMapping ParseOne(string text)
    {
        // A path may have an equals sign in it (year=2026): the one that counts has the beginning of a place behind it.
        var splits = Enumerable.Range(0, text.Length).Where(i => text[i] == '=' && Place().IsMatch(text[(i + 1)..])).ToList();
        var shown = ArtifactMapping.Shown(text);
        if (splits.Count != 1)
        {
            throw Refuse(
                splits.Count > 1 ? $"'{shown}' can be read in more than one way" : $"'{shown}' is not OLD=NEW with a URI or path on both sides",
                Wanted);
        }

        var (old, @new) = (text[..splits[0]], text[(splits[0] + 1)..]);
        var mapping = new ArtifactMapping(old.TrimEnd('/'), @new.TrimEnd('/'));
        if (text.Any(char.IsControl) || text != text.Trim() || old != old.Trim() || @new != @new.Trim())
        {
            throw Refuse($"'{PlainOf(shown)}' has blanks around a URI, or control characters in it", Wanted);
        }

        if (IsRelativeToServer(old))
        {
            throw Refuse(
                $"{ArtifactMapping.Shown(old)} is relative to the MLflow server, and is left alone wherever the artifacts lie",
                "leave it out; where such artifacts lie is what the server's own --artifacts-destination says");
        }

        if (!Place().IsMatch(old) || mapping.Old.Length == 0 || mapping.Old.EndsWith(':'))
        {
            throw Refuse($"OLD of '{shown}' {(old.Length == 0 ? "is empty" : "names no place: a scheme, a root or a word alone will not do")}", Wanted);
        }

        if (mapping.New.Length == 0 || (mapping.New.EndsWith(':') && !@new.StartsWith("mlflow-artifacts:/", StringComparison.OrdinalIgnoreCase))
            || (IsRelativeToServer(@new) && !@new.StartsWith("mlflow-artifacts:/", StringComparison.OrdinalIgnoreCase)))
        {
            throw Refuse($"NEW of '{shown}' is not a place that artifacts can lie in", Wanted);
        }

        return mapping.Old == mapping.New ? throw Refuse($"OLD and NEW of '{shown}' are the same", Wanted) : mapping;
    }

    private static string PlainOf(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    private static UserError Refuse(string what, string fix) => new($"{OptionName}: {what}", fix, ExitCode.Usage);

    /// <summary>A URI with a path, an absolute path, or one that begins with a dot (as MLflow 1 wrote <c>./mlruns</c>).</summary>
    [GeneratedRegex(@"^\s*(?:[A-Za-z][A-Za-z0-9+.\-]*:/|/|\.{1,2}(?:/|$))", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    [GeneratedRegex("^(?:mlflow-artifacts|models|runs):/", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ServerUri();
}
