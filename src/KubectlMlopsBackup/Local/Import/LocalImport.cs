using System.Text.Json;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Retention;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Import;

namespace KubectlMlopsBackup.Local.Import;

/// <summary>
/// Makes snapshots of dumps and archives of earlier days, each with its own date. What was imported already is found again and skipped.
/// One file that fails keeps no other from being imported.
/// </summary>
internal sealed class LocalImport(LocalPlan plan, ImportRequest request, ProgressFeed progress)
{
    /// <exception cref="UserError">Nothing could be started.</exception>
    public async Task<IReadOnlyList<ImportedFile>> RunAsync(CancellationToken cancellationToken)
    {
        var files = ImportFiles.Find(request, plan.Spec.Zone(), plan.Clock.GetUtcNow());
        var spec = request.Repository is { } name ? plan.RepositorySpec(name) : plan.Spec.Repositories[0];
        await RepositoryTwins.RefuseAsync(plan, plan.Spec.Repositories, cancellationToken);
        using var repository = await plan.OpenAsync(spec, cancellationToken);
        var results = new List<ImportedFile>();
        foreach (var file in files)
        {
            results.Add(await OneAsync(repository, file, cancellationToken));
        }

        return await WithRetentionAsync(repository, results, LocalPrune.Policy(spec.Retention!, plan.Spec.Zone()), cancellationToken);
    }

    private async Task<ImportedFile> OneAsync(BackupRepository repository, ImportFile file, CancellationToken cancellationToken)
    {
        var result = new ImportedFile { File = file.Path, Time = file.Time, TimeFrom = file.TimeFrom, State = ImportedFile.Failed };
        try
        {
            await using var content = await ImportContent.OpenAsync(file.Path, cancellationToken);
            var component = content.Kind == ImportKind.Tar ? Component.Artifacts : Component.Postgres;
            result = result with { Component = component };
            if (await FindAsync(repository, component, file, cancellationToken) is { } there)
            {
                return Of(result, there) with { State = ImportedFile.There };
            }

            if (request.DryRun)
            {
                return result with { State = ImportedFile.WouldImport };
            }

            var origin = new SnapshotOrigin(file.Time, file.Source, plan.Spec.Postgres?.Database);
            var made = component == Component.Postgres
                ? await new PostgresImport(plan, repository, progress).RunAsync(content, file, origin, cancellationToken)
                : await new ArtifactsImport(plan, repository, progress, request).RunAsync(content, file, origin, cancellationToken);
            return Of(result, made) with { State = ImportedFile.Imported };
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
        {
            return Failed(result, ImportContent.Damaged(file.Path, e));
        }
        catch (Exception e) when (e is UserError or IOException or UnauthorizedAccessException)
        {
            return Failed(result, e);
        }
    }

    private static ImportedFile Failed(ImportedFile result, Exception e) => result with
    {
        State = ImportedFile.Failed,
        Error = e.Message.Contains(result.File, StringComparison.Ordinal) ? e.Message : $"{result.File}: {e.Message}",
        Fix = (e as UserError)?.Fix,
        ExitCode = (int)((e as UserError)?.Code ?? ExitCode.Failed),
    };

    private static ImportedFile Of(ImportedFile result, Snapshot snapshot) => result with
    {
        Snapshot = snapshot.Id,
        Verdict = snapshot.Verdict.ToString().ToLowerInvariant(),
        Files = snapshot.Stats.Files,
        Bytes = snapshot.Stats.Bytes,
        Rows = snapshot.Facts?.Deserialize(LocalJson.Default.PostgresSummary)?.Rows,
    };

    private async Task<Snapshot?> FindAsync(BackupRepository repository, Component component, ImportFile file, CancellationToken cancellationToken) =>
        (await SnapshotCatalog.LoadAsync(repository, cancellationToken)).Snapshots
            .FirstOrDefault(s => s.Plan == plan.Name && s.Component == component && s.Source == file.Source && s.Time == file.Time);

    /// <summary>Says of each snapshot whether the next prune would take it away again.</summary>
    private static async Task<IReadOnlyList<ImportedFile>> WithRetentionAsync(
        BackupRepository repository, List<ImportedFile> results, RetentionPolicy policy, CancellationToken cancellationToken)
    {
        if (results.TrueForAll(r => r.Snapshot is null))
        {
            return results;
        }

        var catalog = await SnapshotCatalog.LoadAsync(repository, cancellationToken);
        var going = RetentionRules.Decide(catalog, policy, repository.Clock.GetUtcNow()).Where(d => !d.Keep).Select(d => d.Snapshot.Id).ToHashSet(StringComparer.Ordinal);
        return [.. results.Select(r => r.Snapshot is null ? r : r with { Kept = !going.Contains(r.Snapshot) })];
    }
}
