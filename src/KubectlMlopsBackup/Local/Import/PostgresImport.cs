using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Import;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Local.Import;

/// <summary>
/// Loads a dump into a new database beside the live one, backs that up as every night, and drops it. So the dump is proven to load, its rows are
/// counted, and its snapshot is restored like any other.
/// </summary>
internal sealed class PostgresImport(LocalPlan plan, BackupRepository repository, ProgressFeed progress)
{
    /// <exception cref="UserError">The dump does not load, or there is no database server to load it into.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public async Task<Snapshot> RunAsync(ImportContent content, ImportFile file, SnapshotOrigin origin, CancellationToken cancellationToken)
    {
        var settings = plan.Postgres();
        var name = Path.GetFileName(file.Path);
        await using var scratch = await ImportDatabase.CreateAsync(settings, plan.Clock, cancellationToken);
        var loading = settings with { Database = scratch.Name };
        using (progress.Bytes($"{name}: loading", () => (content.Position, file.Size)))
        {
            await new DumpLoad(scratch.Tools, loading).RunAsync(content.Content, content.Kind, cancellationToken);
        }

        var result = await PostgresSnapshot.RunAsync(
            repository, loading, plan.Name, plan.WriterOptions, progress.Postgres($"{name}: storing"), cancellationToken, origin);
        return result.Snapshot;
    }
}
