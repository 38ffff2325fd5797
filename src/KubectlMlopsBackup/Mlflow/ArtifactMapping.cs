using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Mlflow;

/// <summary>One <c>OLD=NEW</c>: URIs that are OLD or lie under it belong under NEW.</summary>
/// <param name="Old">Without a slash at its end.</param>
/// <param name="New">Likewise.</param>
internal sealed partial record ArtifactMapping(string Old, string New)
{
    /// <summary>What OLD itself becomes: a scheme alone keeps the slash that belongs to it.</summary>
    public string Root => New.EndsWith(':') ? New + "/" : New;

    /// <summary>Whole segments only: <c>s3://a/b</c> fits <c>s3://a/b/x</c>, not <c>s3://a/bc</c>.</summary>
    public bool Fits(string uri) =>
        uri.StartsWith(Old, StringComparison.Ordinal) && (uri.Length == Old.Length || uri[Old.Length] == '/');

    public string Apply(string uri) => uri.Length == Old.Length ? Root : New + uri[Old.Length..];

    /// <summary>For messages: a password in the URI is not said.</summary>
    public static string Shown(string uri) => Password().Replace(uri, "://$1:***@");

    [GeneratedRegex("://([^/@:]*):[^/@]*@", RegexOptions.CultureInvariant)]
    private static partial Regex Password();
}
