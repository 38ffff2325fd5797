using System.Text;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>One pattern of a <see cref="PathFilter"/>.</summary>
internal sealed class PathPattern(string text)
{
    private readonly Regex regex = Compile(text);

    /// <summary>As it was given.</summary>
    public string Text { get; } = text;

    // Latin-1 keeps every byte of a name that is not UTF-8; patterns are compiled the same way.
    public bool Fits(byte[] path) => regex.IsMatch(Encoding.Latin1.GetString(path));

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
