using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Reports;

/// <summary>The reports of a repository, oldest first.</summary>
/// <param name="Damaged">Those that could not be read.</param>
internal sealed record ReportCatalog(IReadOnlyList<ReportEntry> Reports, IReadOnlyList<RepositoryDamagedException> Damaged)
{
    public static async Task<ReportCatalog> LoadAsync(BackupRepository repository, CancellationToken cancellationToken)
    {
        var read = await ObjectReader.ReadAllAsync(
            repository,
            StoredReport.Prefix,
            ObjectKind.Report,
            StoredReport.MaxSize,
            (content, key) => new ReportEntry(ChunkId.Of(content).ToString(), key, StoredReport.Decode(content, key).Head),
            cancellationToken);
        return new ReportCatalog(
            [.. read.Found.Select(f => f.Value).DistinctBy(r => r.Id).OrderBy(r => r.Head.Time).ThenBy(r => r.Id, StringComparer.Ordinal)], read.Damaged);
    }

    /// <exception cref="RepositoryDamagedException">It is not what its name says.</exception>
    /// <exception cref="ObjectNotFoundException">It is gone.</exception>
    public static async Task<StoredReport> ReadAsync(BackupRepository repository, ReportEntry report, CancellationToken cancellationToken) =>
        StoredReport.Decode(
            await ObjectReader.ReadAsync(repository, report.Key, ObjectKind.Report, StoredReport.MaxSize, cancellationToken), report.Key);

    /// <returns>The report's id.</returns>
    /// <exception cref="UserError">It is too large, or the store refuses it.</exception>
    public static async Task<string> WriteAsync(BackupRepository repository, StoredReport report, CancellationToken cancellationToken)
    {
        var content = report.Encode();
        await WriteAsync(repository, report.Head.Time, content, cancellationToken);
        return ChunkId.Of(content).ToString();
    }

    /// <summary>Of another repository, byte for byte, so that its id stays.</summary>
    public static async Task CopyAsync(BackupRepository from, BackupRepository to, ReportEntry report, CancellationToken cancellationToken) =>
        await WriteAsync(
            to,
            report.Head.Time,
            await ObjectReader.ReadAsync(from, report.Key, ObjectKind.Report, StoredReport.MaxSize, cancellationToken),
            cancellationToken);

    /// <summary>The same bytes whoever writes them, so that a report that is written twice is one object.</summary>
    private static async Task WriteAsync(BackupRepository repository, DateTimeOffset time, byte[] content, CancellationToken cancellationToken)
    {
        var bytes = SmallObject.EncodeSame(repository.Secrets, ObjectKind.Report, content);
        await repository.Store.PutAsync(ObjectName.Of(StoredReport.Prefix, time, bytes), bytes, cancellationToken);
    }
}
