using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>What an image's name tells of what is in it.</summary>
internal static partial class ImageNames
{
    /// <summary>Images that are PostgreSQL under another name.</summary>
    private static readonly string[] Kin = ["postgres", "timescale", "pgvector", "postgis", "spilo"];

    private static readonly string[] Others = ["exporter", "pgadmin", "pgbouncer", "operator", "backup", "agent"];

    /// <summary>Its last part, without tag and digest; empty for none.</summary>
    public static string Name(string? image) => (image ?? "").Split('@')[0].Split('/')[^1].Split(':')[0];

    public static bool IsPostgres(string? image) =>
        Kin.Any(k => Name(image).Contains(k, StringComparison.OrdinalIgnoreCase)) && !Others.Any(o => Name(image).Contains(o, StringComparison.OrdinalIgnoreCase));

    public static bool IsExporter(string? image) => Name(image).Contains("exporter", StringComparison.OrdinalIgnoreCase);

    /// <returns>PostgreSQL's major version; null where the tag does not say.</returns>
    public static string? Version(string? image)
    {
        var name = (image ?? "").Split('@')[0].Split('/')[^1];
        var match = Tag().Match(name);
        return match.Success ? match.Groups[1].Value : null;
    }

    [GeneratedRegex(@":(?:pg|v)?([1-9][0-9])(?:[.\-]|\z)")]
    private static partial Regex Tag();
}
