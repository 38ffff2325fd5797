namespace KubectlMlopsBackup.Sources.Postgres;

/// <param name="Phase">As in <see cref="PostgresProgress"/>.</param>
/// <param name="Seconds">Wall time.</param>
internal sealed record PhaseDuration(string Phase, double Seconds);
