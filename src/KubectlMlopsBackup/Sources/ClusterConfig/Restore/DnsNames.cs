using System.Text;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>
/// Finds names of Services of a namespace in texts: <c>postgres.OLD.svc</c>, with anything behind it; and <c>postgres.OLD</c>, where a Service of that
/// name is known.
/// </summary>
/// <param name="ns">Whose.</param>
/// <param name="services">Their names.</param>
internal sealed class DnsNames(string ns, IReadOnlySet<string> services)
{
    private const string Suffix = ".svc";

    private readonly string needle = $".{ns}";

    /// <returns>The names, up to the namespace; none where there are none.</returns>
    public IReadOnlyList<string> In(string text)
    {
        var found = new List<string>();
        Scan(text, (from, end) => found.Add(text[from..end]));
        return found;
    }

    /// <summary>The text with another namespace in these names.</summary>
    public string Rewrite(string text, string other)
    {
        var result = new StringBuilder();
        var done = 0;
        Scan(text, (_, end) =>
        {
            result.Append(text, done, end - ns.Length - done).Append(other);
            done = end;
        });
        return result.Append(text, done, text.Length - done).ToString();
    }

    /// <param name="hit">Is told where the name begins, and where the namespace in it ends.</param>
    private void Scan(string text, Action<int, int> hit)
    {
        for (var dot = text.IndexOf(needle, StringComparison.Ordinal); dot >= 0; dot = text.IndexOf(needle, dot + 1, StringComparison.Ordinal))
        {
            var end = dot + needle.Length;
            if (end < text.Length && IsLabel(text[end]))
            {
                continue;
            }

            var from = dot;
            while (from > 0 && (IsLabel(text[from - 1]) || text[from - 1] == '.'))
            {
                from--;
            }

            var before = text[from..dot].TrimStart('.');
            if (before.Length > 0 && (IsFull(text, end) || (IsEnd(text, end) && services.Contains(before[(before.LastIndexOf('.') + 1)..]))))
            {
                hit(dot - before.Length, end);
            }
        }
    }

    private static bool IsFull(string text, int end) =>
        string.CompareOrdinal(text, end, Suffix, 0, Suffix.Length) == 0 && (end + Suffix.Length == text.Length || !IsLabel(text[end + Suffix.Length]));

    /// <summary>No further part of a name: a dot that ends a sentence is none.</summary>
    private static bool IsEnd(string text, int end) => end >= text.Length || text[end] != '.' || end + 1 == text.Length || !IsLabel(text[end + 1]);

    private static bool IsLabel(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
