namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Which objects are meant, by their labels, in the words of <c>kubectl -l</c>: <c>app=mlflow,tier!=test,env in (a,b),!legacy</c>.</summary>
internal sealed class LabelSelector
{
    public const string Wanted = "app=mlflow, tier!=test, \"env in (a, b)\", \"env notin (a, b)\", label or !label, with commas between";

    private readonly List<Requirement> requirements;

    private LabelSelector(List<Requirement> requirements) => this.requirements = requirements;

    public static LabelSelector All { get; } = new([]);

    public bool SelectsAll => requirements.Count == 0;

    /// <exception cref="UserError">It is none.</exception>
    public static LabelSelector Parse(string text)
    {
        var requirements = new List<Requirement>();
        foreach (var part in Split(text))
        {
            requirements.Add(Requirement.Parse(part.Trim()) ?? throw new UserError(
                $"--selector {text} is no label selector", $"write it as {Wanted}", ExitCode.Usage));
        }

        return new LabelSelector(requirements);
    }

    public bool Selects(ConfigObject one) => requirements.TrueForAll(r => r.Fits(one.Label(r.Label)));

    /// <summary>At the commas that are in no parentheses.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    /// <param name="Values">Null: whether the label is there at all.</param>
    /// <param name="Wanted">False: it must be otherwise. An object without the label is otherwise.</param>
    private sealed record Requirement(string Label, IReadOnlyList<string>? Values, bool Wanted)
    {
        public bool Fits(string? value) => (value is not null && Values?.Contains(value) != false) == Wanted;

        /// <returns>Null where it is none.</returns>
        public static Requirement? Parse(string text)
        {
            var open = text.IndexOf('(', StringComparison.Ordinal);
            if (open >= 0)
            {
                var words = text[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return words is [var label, "in" or "notin"] && text[^1] == ')'
                    ? Of(label, [.. text[(open + 1)..^1].Split(',').Select(v => v.Trim())], words[1] == "in")
                    : null;
            }

            foreach (var (sign, wanted) in new[] { ("!=", false), ("==", true), ("=", true) })
            {
                var at = text.IndexOf(sign, StringComparison.Ordinal);
                if (at > 0)
                {
                    return Of(text[..at].Trim(), [text[(at + sign.Length)..].Trim()], wanted);
                }
            }

            return text is ['!', .. var rest] ? Of(rest.Trim(), null, false) : Of(text, null, true);
        }

        private static Requirement? Of(string label, IReadOnlyList<string>? values, bool wanted) =>
            label.Length > 0 && IsName(label, "/") && (values ?? []).All(v => IsName(v, "")) ? new Requirement(label, values, wanted) : null;

        private static bool IsName(string text, string also) =>
            text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' || also.Contains(c, StringComparison.Ordinal));
    }
}
