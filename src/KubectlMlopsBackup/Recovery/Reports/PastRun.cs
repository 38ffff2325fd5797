namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>An earlier run of the same kind and plan, for comparison.</summary>
/// <param name="Report">Id of its report.</param>
/// <param name="Started">When.</param>
/// <param name="Verdict">What it came to.</param>
/// <param name="RtoSeconds">How long it took; null where it never came to an end.</param>
internal sealed record PastRun(string Report, DateTimeOffset Started, ReportVerdict Verdict, double? RtoSeconds = null);
