using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Local;

/// <summary>Reads configuration snapshots of the plan's repositories.</summary>
internal static class LocalConfig
{
    /// <param name="repository">The name of one; null for the first that has it.</param>
    /// <returns>Its objects, what of its files is none, and the snapshot.</returns>
    /// <exception cref="UserError">There is no such snapshot, or no repository could be opened.</exception>
    public static async Task<(ConfigReading Reading, Snapshot Snapshot)> ReadAsync(
        LocalPlan plan, RestoreSelection selection, string? repository, CancellationToken cancellationToken)
    {
        using var repositories = await OpenRepositories.OpenAsync(plan, repository, cancellationToken);
        var (from, snapshot) = selection.Snapshot(repositories, Component.Config, plan.Name);
        return (await ReadAsync(from, snapshot, cancellationToken), snapshot);
    }

    /// <exception cref="UserError">It holds more than the configuration of any cluster.</exception>
    public static async Task<ConfigReading> ReadAsync(OpenRepository from, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var loaded = await IndexLoader.LoadAsync(from.Repository, cancellationToken);
        using var reader = new ChunkReader(from.Repository, loaded.Index);
        try
        {
            return await ConfigFiles.ReadAsync(reader, snapshot, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new UserError($"snapshot {snapshot.ShortId}: {e.Message}", "it was not written by this program: do not restore it", ExitCode.CheckFailed, e);
        }
    }
}
