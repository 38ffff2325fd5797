using System.Text.Json;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Local;

/// <summary>Keeps snapshots that hold Secrets out of a repository that is not encrypted.</summary>
/// <param name="target">What is copied to.</param>
internal sealed class ClearSecretsGuard(BackupRepository target)
{
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);

    /// <returns>False, and remembered, where it may not go there.</returns>
    public bool MayCopy(Snapshot snapshot)
    {
        if (target.Config.Encrypted || snapshot.Component != Component.Config || !HoldsSecrets(snapshot))
        {
            return true;
        }

        refused.Add(snapshot.Id);
        return false;
    }

    /// <returns>What was not copied, in words; null where nothing was refused.</returns>
    public string? Problem() => refused.Count == 0
        ? null
        : $"it is not encrypted: {refused.Count} snapshot(s) of the configuration with Secrets were not copied there (--secrets=names-only makes such that can be)";

    /// <summary>What does not say is taken for the worse.</summary>
    private static bool HoldsSecrets(Snapshot snapshot)
    {
        try
        {
            return snapshot.Facts?.Deserialize(ConfigJson.Default.ConfigSummary) is not { Secrets: SecretsMode.NamesOnly or SecretsMode.None };
        }
        catch (JsonException)
        {
            return true;
        }
    }
}
