using System.Globalization;
using System.Text;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>OpenMetrics 1.0, which Prometheus has read since 2.5.</summary>
internal static class OpenMetricsText
{
    public const string ContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>What Prometheus had before, and a Pushgateway takes: without units and an end.</summary>
    public const string PlainType = "text/plain; version=0.0.4; charset=utf-8";

    /// <param name="plan">The label that every sample has.</param>
    public static string Write(string plan, IEnumerable<Sample> samples) => Write(plan, samples, isOpenMetrics: true) + "# EOF\n";

    /// <summary>As above, as <see cref="PlainType"/>.</summary>
    public static string WritePlain(string plan, IEnumerable<Sample> samples) => Write(plan, samples, isOpenMetrics: false);

    private static string Write(string plan, IEnumerable<Sample> samples, bool isOpenMetrics)
    {
        var text = new StringBuilder();
        foreach (var family in samples.GroupBy(s => s.Metric))
        {
            var metric = family.Key;
            text.Append("# TYPE ").Append(metric.Name).Append(" gauge\n");
            if (isOpenMetrics && metric.Unit is { } unit)
            {
                text.Append("# UNIT ").Append(metric.Name).Append(' ').Append(unit).Append('\n');
            }

            text.Append("# HELP ").Append(metric.Name).Append(' ').Append(Escape(metric.Help)).Append('\n');
            foreach (var sample in family)
            {
                text.Append(metric.Name).Append("{plan=\"").Append(Escape(plan)).Append('"');
                foreach (var (name, value) in metric.Labels.Zip(sample.Labels))
                {
                    text.Append(',').Append(name).Append("=\"").Append(Escape(value)).Append('"');
                }

                text.Append("} ").Append(sample.Value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
