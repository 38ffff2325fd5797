using System.Globalization;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Mlflow;

/// <summary>Holds a map against the URIs that a snapshot lists, so that a typo costs seconds and not a whole restore.</summary>
internal sealed partial class ArtifactMapCheck
{
    private const int ShownRoots = 4;

    private readonly Dictionary<ArtifactMapping, long> hits;
    private readonly SortedDictionary<string, long> roots = new(StringComparer.Ordinal);

    private ArtifactMapCheck(ArtifactMap map) => hits = map.Mappings.ToDictionary(m => m, _ => 0L);

    /// <summary>URIs that will be rewritten.</summary>
    public long Expected => hits.Values.Sum();

    /// <summary>One line for each OLD that fits nothing, while another does.</summary>
    public IReadOnlyList<string> Warnings =>
        [.. hits.Where(h => h.Value == 0 && Expected > 0).Select(h => $"{ArtifactMap.OptionName}: no URI begins with {ArtifactMapping.Shown(h.Key.Old)}")];

    /// <summary>Scheme and host or bucket, or the first folder: the same few for all artifacts of a platform.</summary>
    public static string RootOf(string uri) => Root().Match(uri).Value;

    /// <exception cref="UserError">No OLD fits any URI, though there are some that do not depend on the server.</exception>
    public static async Task<ArtifactMapCheck> RunAsync(
        ArtifactMap map, IAsyncEnumerable<ArtifactReference> references, CancellationToken cancellationToken)
    {
        var check = new ArtifactMapCheck(map);
        await foreach (var reference in references.WithCancellation(cancellationToken))
        {
            if (map.Find(reference.Uri) is { } mapping)
            {
                check.hits[mapping]++;
            }
            else if (!ArtifactMap.IsRelativeToServer(reference.Uri))
            {
                var root = ArtifactMapping.Shown(RootOf(reference.Uri));
                check.roots[root] = check.roots.GetValueOrDefault(root) + 1;
            }
        }

        if (check.Expected > 0 || check.roots.Count == 0)
        {
            return check;
        }

        var most = check.roots.OrderByDescending(r => r.Value).Take(ShownRoots)
            .Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key} ({r.Value})"));
        throw new UserError(
            $"{ArtifactMap.OptionName}: no artifact URI in the snapshot begins with {string.Join(" or ", map.Mappings.Select(m => ArtifactMapping.Shown(m.Old)))}",
            $"they begin with {string.Join(", ", most)}; correct OLD, or leave the option out",
            ExitCode.Usage);
    }

    [GeneratedRegex(@"^(?:[A-Za-z][A-Za-z0-9+.\-]*:)?/*[^/]*", RegexOptions.CultureInvariant)]
    private static partial Regex Root();
}
