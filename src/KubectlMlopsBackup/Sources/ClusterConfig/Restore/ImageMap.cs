namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>Images that are had from elsewhere now.</summary>
internal static class ImageMap
{
    /// <summary>The longest beginning that fits counts; a beginning ends at a slash, colon, at sign, or the end.</summary>
    public static string Map(string image, IReadOnlyDictionary<string, string> images)
    {
        var old = images.Keys
            .Where(o => image.StartsWith(o, StringComparison.Ordinal) && (image.Length == o.Length || o.EndsWith('/') || image[o.Length] is '/' or ':' or '@'))
            .MaxBy(o => o.Length);
        return old is null ? image : images[old] + image[old.Length..];
    }
}
