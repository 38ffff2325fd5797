using System.Globalization;

namespace KubectlMlopsBackup.Repository;

/// <summary>Keys of objects that are named by their SHA-256, with or without a time before it.</summary>
internal static class ObjectName
{
    private const string TimeFormat = "yyyyMMdd't'HHmmss'z'";

    public static string Of(string prefix, ReadOnlySpan<byte> content) => prefix + ChunkId.Of(content);

    public static string Of(string prefix, DateTimeOffset time, ReadOnlySpan<byte> content) =>
        $"{prefix}{time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{ChunkId.Of(content)}";

    /// <returns>The time in a key, or null where it has none.</returns>
    public static DateTimeOffset? TimeOf(string key)
    {
        var name = key.AsSpan(key.LastIndexOf('/') + 1);
        return name.Length > 17
            && name[16] == '-'
            && DateTimeOffset.TryParseExact(
                name[..16],
                TimeFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time)
            ? time
            : null;
    }

    /// <exception cref="RepositoryDamagedException">The key does not end in the content's SHA-256.</exception>
    public static void Check(string key, ReadOnlySpan<byte> content)
    {
        if (!key.EndsWith(ChunkId.Of(content).ToString(), StringComparison.Ordinal))
        {
            throw new RepositoryDamagedException(key, "its content is not what its name (a SHA-256) says");
        }
    }
}
