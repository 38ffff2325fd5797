using System.Globalization;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Configuration;

/// <summary>The part of cron that Kubernetes and Cronos agree on.</summary>
internal static partial class CronFields
{
    /// <param name="why">What Kubernetes would refuse; null where the fields are common, or no cron fields at all.</param>
    public static bool AreCommon(string schedule, out string? why)
    {
        why = null;
        var fields = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            return false;
        }

        for (var i = 0; i < fields.Length; i++)
        {
            foreach (var part in fields[i].Split(','))
            {
                why = Refuse(part, isWeekday: i == 4);
                if (why is not null)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static string? Refuse(string part, bool isWeekday)
    {
        var match = Part().Match(part);
        if (!match.Success)
        {
            return $"{PlanProblems.Quote(part)} is not understood by Kubernetes";
        }

        var isFrom = int.TryParse(match.Groups["from"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var from);
        var isTo = int.TryParse(match.Groups["to"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var to);
        if (isWeekday && ((isFrom && from == 7) || (isTo && to == 7)))
        {
            return "Sunday is 0";
        }

        return isFrom && isTo && from > to ? $"{PlanProblems.Quote(part)} runs backwards" : null;
    }

    [GeneratedRegex(@"^(\*|\?|(?<from>[0-9]{1,2}|[A-Za-z]{3})(-(?<to>[0-9]{1,2}|[A-Za-z]{3}))?)(/[0-9]{1,2})?\z")]
    private static partial Regex Part();
}
