namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>ETags, as a stamp in a tree.</summary>
internal static class S3Tag
{
    /// <returns>Without quotes; empty where it cannot be a stamp, so that the object is read each time.</returns>
    public static string Of(string? header)
    {
        var tag = header?.Trim('"') ?? "";
        return tag == "-" || tag.Any(c => c is <= ' ' or >= (char)0x7f) ? "" : tag;
    }

    /// <returns>For <c>If-Match</c>; null where there is none.</returns>
    public static string? Quote(string tag) => tag.Length == 0 ? null : $"\"{tag}\"";
}
