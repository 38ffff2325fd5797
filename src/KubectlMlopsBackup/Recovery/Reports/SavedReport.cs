namespace KubectlMlopsBackup.Recovery.Reports;

/// <param name="Id">64 hex digits, the same in every repository.</param>
/// <param name="Report">As it was stored: with the earlier runs that it is compared with.</param>
/// <param name="Repositories">Names of those that have it.</param>
/// <param name="Failures">Why others have not, for people.</param>
internal sealed record SavedReport(string Id, RecoveryReport Report, IReadOnlyList<string> Repositories, IReadOnlyList<string> Failures);
