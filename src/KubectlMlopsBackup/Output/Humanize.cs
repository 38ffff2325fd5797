using System.Globalization;

namespace KubectlMlopsBackup.Output;

/// <summary>Numbers for people. JSON and YAML carry the plain ones.</summary>
internal static class Humanize
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary><c>512 B</c>, <c>1.2 GiB</c>.</summary>
    public static string Bytes(long bytes) => Bytes((double)bytes);

    /// <summary><c>1,234,567</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>12.3 MiB/s</c>.</summary>
    public static string Rate(double bytesPerSecond) => Bytes(Math.Round(bytesPerSecond)) + "/s";

    /// <summary><c>12.5%</c>; 100% only when nothing is missing, 0% only when nothing is there.</summary>
    /// <param name="part">From 0 to 1; values beyond are shown as they are.</param>
    public static string Percent(double part)
    {
        var percent = Math.Round(part * 100, 1);
        if (part is > 0 and < 1)
        {
            percent = Math.Clamp(percent, 0.1, 99.9);
        }

        return percent.ToString("0.#", CultureInfo.InvariantCulture) + "%";
    }

    /// <summary>How long something took: <c>340ms</c>, <c>4.2s</c>, <c>12s</c>, <c>3m12s</c>, <c>2h5m</c>, <c>3d4h</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero)
        {
            return "-" + Duration(duration.Negate());
        }

        if (duration.TotalMilliseconds < 999.5)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(duration.TotalMilliseconds)}ms");
        }

        if (duration.TotalSeconds < 9.95)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0}s");
        }

        var seconds = (long)Math.Round(duration.TotalSeconds);
        return seconds switch
        {
            < 60 => $"{seconds}s",
            < 3_600 => Pair(seconds / 60, "m", seconds % 60, "s"),
            < 86_400 => Pair(seconds / 3_600, "h", seconds % 3_600 / 60, "m"),
            _ => Pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h"),
        };
    }

    /// <summary>How long ago something was, exactly as kubectl's AGE column says it: <c>45s</c>, <c>5m30s</c>, <c>47h</c>, <c>5d</c>.</summary>
    public static string Age(TimeSpan age)
    {
        // k8s.io/apimachinery/pkg/util/duration.HumanDuration
        var seconds = (long)age.TotalSeconds;
        var minutes = seconds / 60;
        var hours = minutes / 60;
        var days = hours / 24;
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 120 => $"{seconds}s",
            _ when minutes < 10 => Pair(minutes, "m", seconds % 60, "s"),
            _ when minutes < 180 => $"{minutes}m",
            _ when hours < 8 => Pair(hours, "h", minutes % 60, "m"),
            _ when hours < 48 => $"{hours}h",
            _ when days < 8 => Pair(days, "d", hours % 24, "h"),
            _ when days < 365 * 2 => $"{days}d",
            _ when days < 365 * 8 => Pair(days / 365, "y", days % 365, "d"),
            _ => $"{days / 365}y",
        };
    }

    private static string Pair(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";

    private static string Bytes(double bytes)
    {
        if (bytes < 0)
        {
            return "-" + Bytes(-bytes);
        }

        var unit = 0;

        // What would be rounded up to 1024.0 belongs to the next unit.
        while (unit < Units.Length - 1 && bytes >= (unit == 0 ? 1_024 : 1_023.95))
        {
            bytes /= 1_024;
            unit++;
        }

        return bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
