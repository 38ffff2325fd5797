namespace KubectlMlopsBackup.Repository.Reports;

/// <summary>A report in a repository, without its body.</summary>
/// <param name="Id">64 hex digits: the SHA-256 of head and body, the same in every repository.</param>
/// <param name="Key">Of its object here.</param>
internal sealed record ReportEntry(string Id, string Key, ReportHead Head);
