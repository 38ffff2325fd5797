using System.Text;
using System.Text.RegularExpressions;
using KubectlMlopsBackup.Repository.Shares;

namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>
/// Which paths are meant: <c>*</c> within a component, <c>**</c> across, <c>?</c> one character. A pattern without a slash
/// fits a name at any depth; a folder that fits takes all below it along.
/// </summary>
internal sealed class PathFilter
{
    private readonly Regex[] include;
    private readonly Regex[] exclude;

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
        this.include = [.. include.Select(Compile)];
        this.exclude = [.. exclude.Select(Compile)];
    }

    public static PathFilter Everything { get; } = new([], []);

    /// <summary>The share that is meant; null for all.</summary>
    public PathShare? Share { get; }

    public bool SelectsAll => Share is null && HasNoPatterns;

    /// <summary>Nothing is left out, but for what other shares have.</summary>
    public bool HasNoPatterns => include.Length == 0 && exclude.Length == 0;

    /// <summary>The same patterns, of one share only, with the folders that it has a part of.</summary>
    public PathFilter Of(PathShare share) => new(this, share);

    /// <summary>Whether the path, and all below it, is left out.</summary>
    public bool Excludes(byte[] path) => exclude.Length > 0 && Fits(exclude, path);

    public bool Selects(byte[] path) =>
        (Share is null || Share.Contains(path) || Share.IsSplit(path))
        && (HasNoPatterns || (!Excludes(path) && (include.Length == 0 || Fits(include, path))));

    private static bool Fits(Regex[] patterns, byte[] path)
    {
        // Latin-1 keeps every byte of a name that is not UTF-8; patterns are compiled the same way.
        var text = Encoding.Latin1.GetString(path);
        return Array.Exists(patterns, p => p.IsMatch(text));
    }

    private static Regex Compile(string pattern)
    {
        var text = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(pattern.Trim('/')));
        var regex = new StringBuilder(text.Contains('/', StringComparison.Ordinal) ? "^" : "^(.*/)?");
        for (var i = 0; i < text.Length; i++)
        {
            if (text.AsSpan(i).StartsWith("**/"))
            {
                regex.Append("(.*/)?");
                i += 2;
            }
            else if (text.AsSpan(i).StartsWith("**"))
            {
                regex.Append(".*");
                i++;
            }
            else
            {
                regex.Append(text[i] switch
                {
                    '*' => "[^/]*",
                    // One character of UTF-8, or one byte of what is not.
                    '?' => "([\u00c2-\u00f4][\u0080-\u00bf]{1,3}|[^/])",
                    var c => Regex.Escape(c.ToString()),
                });
            }
        }

        return new Regex(
            regex.Append("(/.*)?\\z").ToString(), RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }
}
