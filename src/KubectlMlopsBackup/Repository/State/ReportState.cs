namespace KubectlMlopsBackup.Repository.State;

/// <summary>The newest report of a kind.</summary>
/// <param name="Report">What it reports, such as <c>drill</c>.</param>
/// <param name="Time">When the run began.</param>
/// <param name="Verdict">What it came to, such as <c>passed</c>.</param>
/// <param name="Seconds">How long it took; null where it came to no end.</param>
internal sealed record ReportState(string Report, DateTimeOffset Time, string Verdict, double? Seconds);
