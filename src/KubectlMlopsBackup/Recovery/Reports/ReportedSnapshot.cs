namespace KubectlMlopsBackup.Recovery.Reports;

/// <param name="Component">Such as <c>postgres</c>.</param>
/// <param name="Id">64 hex digits.</param>
/// <param name="Time">The moment that its data is from.</param>
internal sealed record ReportedSnapshot(string Component, string Id, DateTimeOffset Time);
