using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>Reads which namespace goes where.</summary>
internal static partial class NamespaceMap
{
    /// <param name="targets">NEW, where there is one namespace; OLD=NEW otherwise. Empty: back to where they were.</param>
    /// <param name="namespaces">Those of the snapshot.</param>
    /// <returns>Old names to new ones.</returns>
    /// <exception cref="UserError">It does not fit to the namespaces.</exception>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<string> targets, IReadOnlyList<string> namespaces)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var target in targets)
        {
            var sign = target.IndexOf('=', StringComparison.Ordinal);
            if (sign < 0 && namespaces.Count != 1)
            {
                throw Wrong($"--to-namespace {target}: the snapshot has {namespaces.Count} namespaces ({string.Join(", ", namespaces)})", "say which one goes where: --to-namespace OLD=NEW,OLD=NEW");
            }

            var (old, other) = sign < 0 ? (namespaces[0], target) : (target[..sign], target[(sign + 1)..]);
            if (!namespaces.Contains(old))
            {
                throw Wrong($"--to-namespace {target}: the snapshot has no namespace {old}", $"it has: {string.Join(", ", namespaces)}");
            }

            if (!Label().IsMatch(other))
            {
                throw Wrong($"--to-namespace {target}: {other} cannot be a namespace", "write lower-case letters, digits and hyphens, at most 63");
            }

            if (other == old)
            {
                throw Wrong($"--to-namespace {target}: it is from there", "leave it out to restore in place");
            }

            if (!map.TryAdd(old, other))
            {
                throw Wrong($"--to-namespace names {old} twice", "each namespace goes to one other");
            }
        }

        return map.Values.Distinct().Count() == map.Count ? map : throw Wrong("--to-namespace sends two namespaces to one", "give each its own");
    }

    private static UserError Wrong(string what, string fix) => new(what, fix, ExitCode.Usage);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex Label();
}
