using KubectlMlopsBackup.Seed.Model;
using Npgsql;
using NpgsqlTypes;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>Loads the one table that is large: typed writes, no boxing.</summary>
internal static class MetricsCopy
{
    public static long Load(NpgsqlConnection connection, Catalog catalog, IndexRange runs, CancellationToken cancellation)
    {
        using var import = connection.BeginBinaryImport(
            "COPY metrics (key, value, timestamp, run_uuid, step, is_nan) FROM STDIN (FORMAT binary)");
        for (var run = runs.Start; run < runs.End; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            var id = catalog.RunId(run);
            foreach (var point in MetricSeries.Of(catalog, run))
            {
                import.StartRow();
                import.Write(Catalog.Steps[point.Key], NpgsqlDbType.Varchar);
                import.Write(point.Value, NpgsqlDbType.Double);
                import.Write(MetricSeries.Time(run, point.Step), NpgsqlDbType.Bigint);
                import.Write(id, NpgsqlDbType.Varchar);
                import.Write(point.Step, NpgsqlDbType.Bigint);
                import.Write(point.IsNan, NpgsqlDbType.Boolean);
            }
        }

        return (long)import.Complete();
    }
}
