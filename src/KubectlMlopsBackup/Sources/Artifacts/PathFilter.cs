using KubectlMlopsBackup.Repository.Shares;

namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>
/// Which paths are meant: <c>*</c> within a component, <c>**</c> across, <c>?</c> one character. A pattern without a slash
/// fits a name at any depth; a folder that fits takes all below it along.
/// </summary>
internal sealed class PathFilter
{
    private readonly PathPattern[] include;
    private readonly PathPattern[] exclude;

    private PathFilter(PathFilter other, PathShare share)
    {
        include = other.include;
        exclude = other.exclude;
        Share = share;
    }

    /// <param name="include">Empty: everything.</param>
    /// <param name="exclude">Wins over <paramref name="include"/>.</param>
    public PathFilter(IEnumerable<string> include, IEnumerable<string> exclude)
    {
        this.include = [.. include.Select(p => new PathPattern(p))];
        this.exclude = [.. exclude.Select(p => new PathPattern(p))];
    }

    public static PathFilter Everything { get; } = new([], []);

    /// <summary>Empty: everything.</summary>
    public IReadOnlyList<PathPattern> Include => include;

    /// <summary>The share that is meant; null for all.</summary>
    public PathShare? Share { get; }

    public bool SelectsAll => Share is null && HasNoPatterns;

    /// <summary>Nothing is left out, but for what other shares have.</summary>
    public bool HasNoPatterns => include.Length == 0 && exclude.Length == 0;

    /// <summary>The same patterns, of one share only, with the folders that it has a part of.</summary>
    public PathFilter Of(PathShare share) => new(this, share);

    /// <summary>Whether the path, and all below it, is left out.</summary>
    public bool Excludes(byte[] path) => Array.Exists(exclude, p => p.Fits(path));

    public bool Selects(byte[] path) =>
        (Share is null || Share.Contains(path) || Share.IsSplit(path))
        && (HasNoPatterns || (!Excludes(path) && (include.Length == 0 || Array.Exists(include, p => p.Fits(path)))));
}
