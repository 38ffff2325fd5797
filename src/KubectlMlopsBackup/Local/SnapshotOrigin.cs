namespace KubectlMlopsBackup.Local;

/// <summary>Where a snapshot comes from that was not made of the plan's own source.</summary>
/// <param name="Time">That the data is of.</param>
/// <param name="Source">For people.</param>
/// <param name="Database">Its name at that time; null for that of the database that was read.</param>
internal sealed record SnapshotOrigin(DateTimeOffset Time, string Source, string? Database);
