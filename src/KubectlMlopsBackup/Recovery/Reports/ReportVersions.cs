namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>What took part. Null where it is not known, or took no part.</summary>
/// <param name="Tool">This program's.</param>
/// <param name="Postgres">The server's that was restored into.</param>
/// <param name="Kubernetes">The API server's.</param>
/// <param name="Mlflow">The tracking server's, or its schema's (<c>schema 4b5c…</c>).</param>
internal sealed record ReportVersions(string Tool, string? Postgres = null, string? Kubernetes = null, string? Mlflow = null);
