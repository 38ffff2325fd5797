namespace KubectlMlopsBackup.Monitoring.Pushing;

/// <summary>How a run ended.</summary>
/// <param name="Kind">As the exporter names it: <c>postgres</c>, <c>verify</c>.</param>
/// <param name="Time">When it ended.</param>
/// <param name="HasPruned">Every repository, with success.</param>
internal sealed record RunEnd(string Kind, ExitCode Code, DateTimeOffset Time, TimeSpan Took, bool HasPruned);
