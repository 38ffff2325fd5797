using System.IO.Compression;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Export;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Local;

/// <summary>Writes a snapshot as a plain file that needs nothing of this program: for <c>psql</c>, <c>pg_restore</c> and <c>tar</c>.</summary>
internal sealed class LocalExport(LocalPlan plan, OpenRepository from, Snapshot snapshot, ExportFormat format)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Such as <c>mlflow_20261124T020000Z.sql.gz</c>.</summary>
    public string DefaultName =>
        $"{(snapshot.Component == Component.Postgres ? snapshot.Source[(snapshot.Source.LastIndexOf('/') + 1)..] : snapshot.Component.ToString().ToLowerInvariant())}"
        + $"_{snapshot.Time.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}{(format == ExportFormat.Folder ? "" : $".{format.Extension}")}";

    /// <summary>
    /// To a file, which appears under its name only when it is whole, or to a stream.
    /// </summary>
    /// <returns>What an archive cannot hold as it is.</returns>
    /// <exception cref="UserError">The file exists, or cannot be written.</exception>
    public Task<IReadOnlyList<Problem>> ToFileAsync(
        string path, PathFilter filter, ProgressFeed progress, CancellationToken cancellationToken) =>
        WholeFile.WriteAsync(path, file => ToStreamAsync(file, filter, progress, cancellationToken));

    public async Task<IReadOnlyList<Problem>> ToStreamAsync(
        Stream output, PathFilter filter, ProgressFeed progress, CancellationToken cancellationToken)
    {
        var loaded = await IndexLoader.LoadAsync(from.Repository, cancellationToken);
        using var reader = new ChunkReader(from.Repository, loaded.Index);
        if (snapshot.Component != Component.Postgres)
        {
            await IncludeCheck.RunAsync(reader, snapshot, filter, cancellationToken);
            var counters = new RestoreCounters();
            using var feed = progress.Restore(counters, snapshot.Stats.Files, snapshot.Stats.Bytes);
            await using var archive = Compress(output);
            return await TarExport.RunAsync(
                reader, snapshot, filter, archive, counters, snapshot.Component == Component.Config ? ConfigFiles.NoteOf(snapshot) : null, cancellationToken);
        }

        var files = await SnapshotFiles.LoadAsync(reader, snapshot, cancellationToken);
        if (format == ExportFormat.Dump)
        {
            await using var dump = await files.OpenAsync(PostgresFiles.Dump, cancellationToken);
            await dump.CopyToAsync(output, BufferSize, cancellationToken);
            return [];
        }

        await using var compressed = Compress(output);
        await PostgresExport.WriteSqlAsync(
            files,
            plan.Spec.Postgres?.ClientTools,
            noOwner: false,
            compressed,
            progress.Postgres("postgres"),
            cancellationToken);
        return [];
    }

    private Stream Compress(Stream output) => format.Extension == ExportFormat.TarZst.Extension
        ? new ZstdSharp.CompressionStream(output, level: 3, leaveOpen: true)
        : new GZipStream(output, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true);
}
