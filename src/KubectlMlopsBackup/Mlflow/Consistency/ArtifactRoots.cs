using System.Text;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>What MLflow's database calls the root of the artifacts, and where a URI lies below it.</summary>
internal sealed partial class ArtifactRoots
{
    private const string Proxied = "/api/2.0/mlflow-artifacts/artifacts/";

    private readonly bool folders;

    private ArtifactRoots(IReadOnlyList<string> names, bool folders)
    {
        Names = names;
        this.folders = folders;
    }

    /// <summary>Without slashes at their ends, the longest first. What the server itself resolves (<c>mlflow-artifacts:/</c>) is inside with any.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <param name="source">Where the artifacts were read from: a path or <c>s3://bucket/prefix</c>.</param>
    /// <param name="others">What else MLflow calls that place.</param>
    public static ArtifactRoots Of(string source, IEnumerable<string> others) => new(
        [
            .. others.Prepend(source).Select(Canonical).Select(r => r.TrimEnd('/')).Distinct(StringComparer.Ordinal)
                .OrderByDescending(r => r.Length).ThenBy(r => r, StringComparer.Ordinal),
        ],
        folders: !source.StartsWith("s3://", StringComparison.Ordinal));

    /// <summary>Names another object of the database, and no place.</summary>
    public static bool NamesObject(string uri) =>
        uri.StartsWith("models:/", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("runs:/", StringComparison.OrdinalIgnoreCase);

    /// <param name="uri">As MLflow wrote it; not one that <see cref="NamesObject"/>.</param>
    /// <param name="path">Below the root, as the paths of a tree are; empty for the root itself.</param>
    public ArtifactPlace Locate(string uri, out byte[] path)
    {
        path = [];
        if (!IsPlace().IsMatch(uri))
        {
            return ArtifactPlace.None;
        }

        var rest = Relative(uri.Trim());
        if (rest is null || Normal(rest) is not { } normal)
        {
            return ArtifactPlace.Outside;
        }

        path = Encoding.UTF8.GetBytes(normal);
        return ArtifactPlace.Inside;
    }

    /// <returns>Null where it is not below a root.</returns>
    private string? Relative(string uri)
    {
        if (Server().Match(uri) is { Success: true } server)
        {
            return uri[server.Length..];
        }

        if (uri.StartsWith("http", StringComparison.OrdinalIgnoreCase) && uri.IndexOf(Proxied, StringComparison.Ordinal) is > 0 and var at)
        {
            return uri[(at + Proxied.Length)..];
        }

        var canonical = Canonical(uri);
        var root = Names.FirstOrDefault(
            r => canonical.StartsWith(r, StringComparison.Ordinal) && (canonical.Length == r.Length || canonical[r.Length] == '/'));
        return root is null ? null : canonical[root.Length..];
    }

    /// <summary>A folder has one name for each file; a bucket takes keys as they are.</summary>
    /// <returns>Null where it climbs out.</returns>
    private string? Normal(string path)
    {
        if (!folders)
        {
            return path.Trim('/');
        }

        var parts = path.Split('/').Where(p => p is not ("" or ".")).ToList();
        return parts.Contains("..") ? null : string.Join('/', parts);
    }

    /// <summary>One way to write each place: a path without its scheme, a bucket with <c>s3://</c>.</summary>
    private static string Canonical(string uri)
    {
        if (File().Match(uri) is { Success: true } file)
        {
            return Uri.UnescapeDataString(uri[file.Length..]);
        }

        return S3().Replace(uri, "s3://");
    }

    /// <summary>A URI with a path, an absolute path, or one that begins with a dot (as MLflow 1 wrote <c>./mlruns</c>).</summary>
    [GeneratedRegex(@"^\s*(?:[A-Za-z][A-Za-z0-9+.\-]*:/|/|\.{1,2}(?:/|$))", RegexOptions.CultureInvariant)]
    private static partial Regex IsPlace();

    /// <summary>With or without the server's own address, which only says through whom to go.</summary>
    [GeneratedRegex("^mlflow-artifacts:(?://[^/]*)?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Server();

    [GeneratedRegex("^file:(?://[^/]*(?=/))?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex File();

    [GeneratedRegex("^s3[an]?://", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex S3();
}
