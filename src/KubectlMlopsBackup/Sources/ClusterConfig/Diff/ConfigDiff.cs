namespace KubectlMlopsBackup.Sources.ClusterConfig.Diff;

/// <summary>Compares two snapshots of the configuration, object by object.</summary>
internal static class ConfigDiff
{
    /// <returns>In the order of the objects' paths; empty where both are the same.</returns>
    public static IReadOnlyList<ObjectDifference> Of(IReadOnlyList<ConfigObject> before, IReadOnlyList<ConfigObject> after)
    {
        var old = before.ToDictionary(o => o.Key);
        var young = after.ToDictionary(o => o.Key);
        var differences = new List<ObjectDifference>();
        foreach (var key in old.Keys.Union(young.Keys).OrderBy(k => k.Path, StringComparer.Ordinal))
        {
            var lines = SecretMask.Diff(key, old.GetValueOrDefault(key)?.Body, young.GetValueOrDefault(key)?.Body);
            if (lines.Count > 0)
            {
                differences.Add(new ObjectDifference(
                    key.ToString(),
                    key.Namespace,
                    !old.ContainsKey(key) ? ObjectDifference.Added : !young.ContainsKey(key) ? ObjectDifference.Removed : ObjectDifference.Changed,
                    lines));
            }
        }

        return differences;
    }
}
