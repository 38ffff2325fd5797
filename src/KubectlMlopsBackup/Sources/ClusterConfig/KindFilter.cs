namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Which kinds are meant: <c>Deployment.apps</c>, <c>apps/Deployment</c>, <c>apps/*</c>, <c>secrets</c>.</summary>
internal sealed class KindFilter
{
    public const string Wanted = "Deployment.apps, apps/Deployment, apps/* or secrets (core/* for the core group)";

    private readonly (string? Group, string? Kind)[] include;
    private readonly (string? Group, string? Kind)[] exclude;

    /// <param name="include">Only these; empty for all.</param>
    /// <exception cref="UserError">One is no kind.</exception>
    public KindFilter(IEnumerable<string> include, IEnumerable<string> exclude)
    {
        this.include = [.. include.Select(Parse)];
        this.exclude = [.. exclude.Select(Parse)];
    }

    public static KindFilter All { get; } = new([], []);

    public bool SelectsAll => include.Length == 0 && exclude.Length == 0;

    /// <returns>False where it is no kind.</returns>
    public static bool IsKind(string text) => TryParse(text, out _);

    public bool Selects(string group, string kind) =>
        (include.Length == 0 || Array.Exists(include, p => Fits(p, group, kind))) && !Array.Exists(exclude, p => Fits(p, group, kind));

    public bool Selects(ObjectKey key) => Selects(key.Group, key.Kind);

    private static (string?, string?) Parse(string text) => TryParse(text, out var pattern)
        ? pattern
        : throw new UserError($"{text} is no kind of object", $"write it as {Wanted}", ExitCode.Usage);

    private static bool TryParse(string text, out (string? Group, string? Kind) pattern)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var (group, kind) = slash >= 0 ? (text[..slash], text[(slash + 1)..])
            : dot >= 0 ? (text[(dot + 1)..], text[..dot])
            : (null, text);
        pattern = (group is "*" or null ? null : group == "core" ? "" : group.ToLowerInvariant(), kind == "*" ? null : kind.ToLowerInvariant());
        return kind.Length > 0 && kind.All(c => char.IsAsciiLetterOrDigit(c) || c == '*') && (kind == "*" || !kind.Contains('*', StringComparison.Ordinal))
            && (pattern.Group is null || pattern.Group.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'))
            && (pattern.Kind is not null || pattern.Group is not null || group == "*");
    }

    private static bool Fits((string? Group, string? Kind) pattern, string group, string kind) =>
        (pattern.Group is null || pattern.Group == group) && (pattern.Kind is null || IsName(pattern.Kind, kind.ToLowerInvariant()));

    /// <summary>The kind, or its plural as the API makes it.</summary>
    private static bool IsName(string text, string kind) =>
        text == kind
        || text == $"{kind}s"
        || text == $"{kind}es"
        || (kind.EndsWith('y') && text == $"{kind[..^1]}ies");
}
