using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Names of the databases that a restore makes beside the live one.</summary>
internal static partial class DatabaseNames
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Such as <c>mlflow_restore_20261124T031500Z</c>: being filled, dropped when that fails.</summary>
    public static string Scratch(string database, DateTimeOffset now) => Name(database, "_restore_", now);

    /// <summary>Such as <c>mlflow_before_20261124T031500Z</c>: what was live before a restore.</summary>
    public static string Before(string database, DateTimeOffset now) => Name(database, "_before_", now);

    /// <summary>Whether <paramref name="name"/> is one that <see cref="Before"/> gives for this database, at any time.</summary>
    public static bool IsBefore(string name, string database) => Is(name, database, "_before_");

    /// <summary>The same for <see cref="Scratch"/>.</summary>
    public static bool IsScratch(string name, string database) => Is(name, database, "_restore_");

    private static bool Is(string name, string database, string infix)
    {
        var stem = Stem(database, infix);
        return name.StartsWith(stem, StringComparison.Ordinal) && Time().IsMatch(name.AsSpan(stem.Length));
    }

    private static string Name(string database, string infix, DateTimeOffset now) =>
        Stem(database, infix) + now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>The server cuts names at 63 bytes, which would cut the time off: a long name is cut itself, with a hash
    /// in place of its end so that two long names stay two.</summary>
    private static string Stem(string database, string infix)
    {
        const int TimeBytes = 16;
        const int HashBytes = 9;
        var room = Sql.MaxNameBytes - TimeBytes - infix.Length;
        if (Encoding.UTF8.GetByteCount(database) <= room)
        {
            return database + infix;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database)))[..(HashBytes - 1)];
        return $"{Sql.Cut(database, room - HashBytes)}_{hash}{infix}";
    }

    [GeneratedRegex(@"^[0-9]{8}T[0-9]{6}Z\z")]
    private static partial Regex Time();
}
