namespace KubectlMlopsBackup.Local;

internal static class S3Address
{
    private const string Scheme = "s3://";

    /// <param name="text">What the user wrote.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">Without slashes at its ends; "" for the whole bucket.</param>
    /// <returns>False where it is a folder.</returns>
    /// <exception cref="UserError">It begins as an address in S3, but names no bucket.</exception>
    public static bool TryParse(string text, out string bucket, out string prefix)
    {
        bucket = "";
        prefix = "";
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = text[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        bucket = slash < 0 ? rest : rest[..slash];
        prefix = slash < 0 ? "" : rest[slash..].Trim('/');
        return bucket.Length > 0
            ? true
            : throw new UserError($"--to {text} names no bucket", "write it as s3://BUCKET/PREFIX", ExitCode.Usage);
    }
}
