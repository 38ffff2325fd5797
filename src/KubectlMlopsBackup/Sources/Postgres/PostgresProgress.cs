namespace KubectlMlopsBackup.Sources.Postgres;

/// <param name="Phase">What is being done: <c>dump</c>, <c>globals</c>, <c>pre-data</c>, <c>data</c>, <c>post-data</c>,
/// <c>check</c>, <c>swap</c>, <c>in-place</c>.</param>
/// <param name="Bytes">Of the dump, so far in this phase.</param>
/// <param name="TotalBytes">Size of the dump, or an estimate of it; null where that is not known.</param>
internal readonly record struct PostgresProgress(string Phase, long Bytes, long? TotalBytes);
