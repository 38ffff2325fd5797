namespace KubectlMlopsBackup.S3Admin;

/// <summary>What <c>s3 setup</c> did, or would do.</summary>
/// <param name="Endpoint">Null means AWS.</param>
internal sealed record S3SetupReport(string Repository, string Location, string? Endpoint, bool DryRun, IReadOnlyList<SettingReport> Settings, int ExitCode);
