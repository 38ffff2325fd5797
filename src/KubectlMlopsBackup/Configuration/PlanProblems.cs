namespace KubectlMlopsBackup.Configuration;

/// <summary>Collects all that is wrong with a plan, so that it can be mended in one go.</summary>
/// <param name="name">Of the plan, for the message: the path as the user gave it.</param>
internal sealed class PlanProblems(string name)
{
    private const int LongestShown = 80;

    private readonly List<PlanProblem> _problems = [];
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<string> _suggested = new(StringComparer.Ordinal);

    public IReadOnlyList<PlanProblem> All => _problems;

    public void Place(string path, int line) => _lines.TryAdd(path, line);

    public bool TryGetLine(string path, out int line) => _lines.TryGetValue(path, out line);

    public void Add(string path, string message) => Add(path, LineOf(path), message);

    public void Add(string path, int line, string message) => _problems.Add(new PlanProblem(path, line, message));

    /// <summary>True if the field was only misspelt, and has had its error already.</summary>
    public bool IsSuggested(string path) => _suggested.Contains(path);

    /// <param name="got">Shown in the message: never call this with what may be a secret.</param>
    public void Add(string path, string got, string wants) => Add(path, $"got {Quote(got)}; wants {wants}");

    public void AddMissing(string path, string wants)
    {
        if (!IsSuggested(path))
        {
            Add(path, $"is missing; wants {wants}");
        }
    }

    public void AddUnknown(string path, int line, string message, string? suggestedPath)
    {
        Add(path, line, message);
        if (suggestedPath is not null)
        {
            _suggested.Add(suggestedPath);
        }
    }

    /// <exception cref="UserError">There is at least one problem; all are in it, in the order of their lines.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count == 0)
        {
            return;
        }

        var sorted = _problems.OrderBy(p => p.Line == 0 ? int.MaxValue : p.Line).Select(p => p.ToString()).Distinct().ToList();
        var message = sorted.Count == 1
            ? $"plan {name}: {sorted[0]}"
            : $"plan {name} has {sorted.Count} errors:\n  {string.Join("\n  ", sorted)}";
        throw new UserError(message, null, ExitCode.Usage);
    }

    public static string Quote(string text)
    {
        var cut = text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown), "…");
        return "\"" + string.Concat(cut.Select(c => char.IsControl(c) ? '\uFFFD' : c)) + "\"";
    }

    private int LineOf(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(at.LastIndexOfAny(['.', '[']), 0)])
        {
            if (_lines.TryGetValue(at, out var line))
            {
                return line;
            }
        }

        return 0;
    }
}
