using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Import;

namespace KubectlMlopsBackup.Local.Import;

/// <summary>Unpacks an archive into a folder of its own, backs that up as every night, and removes it.</summary>
internal sealed class ArtifactsImport(LocalPlan plan, BackupRepository repository, ProgressFeed progress, ImportRequest request)
{
    /// <exception cref="UserError">There is nothing in it, or not what the options say.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or would write elsewhere.</exception>
    public async Task<Snapshot> RunAsync(ImportContent content, ImportFile file, SnapshotOrigin origin, CancellationToken cancellationToken)
    {
        var parent = request.Scratch ?? Path.GetTempPath();
        if (!Directory.Exists(parent))
        {
            throw new UserError($"--scratch {parent} is no folder", "name one with room for what is in the archive", ExitCode.Usage);
        }

        var name = Path.GetFileName(file.Path);
        var folder = Path.Combine(parent, $"mlopsbackup-import-{Guid.NewGuid():n}");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        try
        {
            using (progress.Bytes($"{name}: unpacking", () => (content.Position, file.Size)))
            {
                await new TarExtract(folder).RunAsync(content.Content, cancellationToken);
            }

            using var source = new DirectorySource(Root(folder), new PathFilter([], plan.Spec.Artifacts?.Exclude ?? []), plan.Clock);
            var counters = new BackupCounters();
            using var feed = progress.Backup(counters, 0, 0, $"{name}: storing");
            var options = new ArtifactBackupOptions
            {
                Plan = plan.Name,
                Time = origin.Time,
                Source = origin.Source,
                Readers = ArtifactBackupOptions.ReadersFor(source),
            };
            return (await new ArtifactBackup(repository, source, options, counters).RunAsync(plan.WriterOptions, cancellationToken)).Snapshot;
        }
        finally
        {
            Remove(folder);
        }
    }

    /// <summary>Archives often begin with the way to the artifacts: <c>mlflow/artifacts/1/…</c>, or their folder alone.</summary>
    private string Root(string folder)
    {
        if (request.StripComponents is { } count)
        {
            var stripped = folder;
            for (var i = 0; i < count; i++)
            {
                stripped = OnlyFolder(stripped) ?? throw new UserError(
                    $"--strip-components {count}: the archive has not that many folders with nothing beside them", "look with tar -t, or leave it out", ExitCode.Usage);
            }

            return stripped;
        }

        var place = plan.Spec.Artifacts?.Path ?? plan.Spec.Artifacts?.Volume?.MountPath ?? "";
        var parts = place.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var from = 0; from < parts.Length; from++)
        {
            var root = parts[from..].Aggregate(
                (string?)folder, (at, part) => at is not null && OnlyFolder(at) is { } only && Path.GetFileName(only) == part ? only : null);
            if (root is not null)
            {
                return root;
            }
        }

        return folder;
    }

    /// <returns>The folder that has nothing beside it; null where there is none.</returns>
    private static string? OnlyFolder(string folder) =>
        Directory.GetFileSystemEntries(folder) is [var only] && Directory.Exists(only) && new DirectoryInfo(only).LinkTarget is null ? only : null;

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"warning: {folder} could not be removed: {e.Message}");
        }
    }
}
