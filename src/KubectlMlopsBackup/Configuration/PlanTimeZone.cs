using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Configuration;

/// <summary>Finds IANA time zones, also where the machine has no zone database (a bare container, Windows without ICU).</summary>
internal static partial class PlanTimeZone
{
    /// <summary>True if the name is a zone, or if this machine cannot tell and the name looks like one.</summary>
    public static bool IsKnown(string id) => IsUtc(id)
        || (Shape().IsMatch(id) && (TimeZoneInfo.TryFindSystemTimeZoneById(id, out _) || !HasDatabase()));

    /// <exception cref="UserError">This machine has no such zone.</exception>
    public static TimeZoneInfo Find(string id)
    {
        if (IsUtc(id))
        {
            return TimeZoneInfo.Utc;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? zone
            : throw new UserError(
                $"spec.timeZone: this machine does not know the time zone \"{id}\"",
                "install the package tzdata, or use Etc/UTC",
                ExitCode.Usage);
    }

    private static bool IsUtc(string id) => id is "UTC" or "Etc/UTC";

    private static bool HasDatabase() => TimeZoneInfo.TryFindSystemTimeZoneById("Europe/London", out _);

    // No leading slash and no dots: on Linux the name is looked up as a file below the database's folder.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*\z")]
    private static partial Regex Shape();
}
