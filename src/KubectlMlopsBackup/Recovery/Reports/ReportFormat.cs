namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>What a report is written as.</summary>
internal enum ReportFormat
{
    Html,
    Markdown,
    Json,
    JUnit,
}
