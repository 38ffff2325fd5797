namespace KubectlMlopsBackup.Seed.Database;

/// <param name="Key">Index into the catalog's metric names.</param>
internal readonly record struct MetricPoint(int Key, long Step, double Value, bool IsNan);
