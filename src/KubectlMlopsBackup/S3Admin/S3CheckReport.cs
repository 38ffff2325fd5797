using KubectlMlopsBackup.S3Admin.Probing;

namespace KubectlMlopsBackup.S3Admin;

/// <summary>How a repository's bucket is, and what its store can do.</summary>
/// <param name="Endpoint">Null means AWS.</param>
/// <param name="Settings">Empty where only the abilities were asked for.</param>
/// <param name="Abilities">Empty where nothing was tried.</param>
internal sealed record S3CheckReport(
    string Repository, string Location, string? Endpoint, IReadOnlyList<SettingReport> Settings, IReadOnlyList<AbilityReport> Abilities, int ExitCode);
