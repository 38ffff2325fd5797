using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>The metrics that a run logged: ten keys a step, until the wanted number is reached.</summary>
internal static class MetricSeries
{
    public static IEnumerable<MetricPoint> Of(Catalog catalog, int run)
    {
        var random = new Xoshiro(Mix.Of(catalog.Seed, 'v', run));
        var values = new double[Catalog.Steps.Length];
        Array.Fill(values, 1.0);
        for (var i = 0; i < catalog.Options.MetricsPerRun; i++)
        {
            var key = i % values.Length;
            values[key] *= 0.98 + (Mix.Unit(random.Next()) * 0.03);

            // MLflow stores NaN as 0 with a flag, since NaN has no place in a key.
            var isNan = random.Next() % 50_000 == 0;
            yield return new MetricPoint(key, i / values.Length, isNan ? 0 : values[key], isNan);
        }
    }

    /// <summary>The last value of each key.</summary>
    public static MetricPoint[] Latest(Catalog catalog, int run)
    {
        var latest = new MetricPoint[Math.Min(Catalog.Steps.Length, catalog.Options.MetricsPerRun)];
        foreach (var point in Of(catalog, run))
        {
            latest[point.Key] = point;
        }

        return latest;
    }

    /// <summary>Milliseconds since 1970.</summary>
    public static long Time(int run, long step) => Catalog.RunStart(run) + (step * 1000);
}
