using System.Globalization;
using System.Text;

namespace KubectlMlopsBackup.EndToEndTests.Monitoring;

/// <summary>Time series as promtool's tests want them, one value a step.</summary>
/// <param name="steps">How many.</param>
internal sealed class SeriesBook(int steps, int minutesPerStep)
{
    private readonly StringBuilder text = new();

    /// <param name="value">Of the seconds since the beginning; null where nothing was scraped.</param>
    public SeriesBook Add(string series, Func<long, double?> value)
    {
        text.Append("      - series: '").Append(series).Append("'\n        values: '");
        string? last = null;
        var times = 0;
        void Flush()
        {
            if (last is not null)
            {
                text.Append(last == "_" ? $"_x{times} " : $"{last}x{times - 1} ");
            }
        }

        for (var i = 0; i < steps; i++)
        {
            var now = value(i * minutesPerStep * 60L) is { } number ? number.ToString("0.###", CultureInfo.InvariantCulture) : "_";
            if (now != last)
            {
                Flush();
                (last, times) = (now, 0);
            }

            times++;
        }

        Flush();
        text.Append("'\n");
        return this;
    }

    public override string ToString() => text.ToString();
}
