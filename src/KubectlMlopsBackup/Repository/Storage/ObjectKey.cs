using System.Buffers;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>
/// What may be a key: <c>[a-z0-9._-]</c> segments joined by single slashes, none of them <c>.</c> or <c>..</c>, so that
/// a key can never leave the repository. <c>tmp/</c> is kept for objects that are being written.
/// </summary>
internal static class ObjectKey
{
    /// <summary>S3 allows 1,024 bytes a key; the rest is left for the repository's prefix.</summary>
    public const int MaxLength = 512;

    /// <summary>A file name's limit on every common file system.</summary>
    private const int MaxSegmentLength = 255;

    private const string Reserved = "tmp";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789./_-");

    public static bool IsValid(ReadOnlySpan<char> key)
    {
        if (key.Length is 0 or > MaxLength || key.ContainsAnyExcept(Allowed))
        {
            return false;
        }

        var first = true;
        foreach (var range in key.Split('/'))
        {
            var segment = key[range];
            if (segment.Length is 0 or > MaxSegmentLength || segment is "." or ".." || (first && segment is Reserved))
            {
                return false;
            }

            first = false;
        }

        return true;
    }

    /// <exception cref="ArgumentException">It cannot be a key: whoever made it up has a bug, or read a forged file.</exception>
    public static void Check(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!IsValid(key))
        {
            throw new ArgumentException($"'{Printable(key)}' cannot be the key of an object", nameof(key));
        }
    }

    /// <summary>A prefix is the beginning of a key: empty, or cut anywhere.</summary>
    /// <exception cref="ArgumentException">No key can start like this.</exception>
    public static void CheckPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length > 0 && !IsValid(prefix + "x"))
        {
            throw new ArgumentException($"'{Printable(prefix)}' cannot be the beginning of a key", nameof(prefix));
        }
    }

    private static string Printable(string text) =>
        string.Concat(text.Take(80).Select(c => char.IsControl(c) ? '?' : c));
}
