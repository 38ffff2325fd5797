using System.Text.Json;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Recovery.Journal;

/// <summary>The journal in a ConfigMap of the namespace that is recovered: it is where the platform is, from whatever laptop.</summary>
internal sealed class ClusterJournal(ClusterApi api, string ns) : IJournalStore
{
    public const string Name = "mlopsbackup-recovery";

    private const string Key = "journal.json";

    private string? version;

    /// <returns>Null where no recovery has left one.</returns>
    /// <exception cref="UserError">What is there cannot be read.</exception>
    public async Task<RecoveryJournal?> LoadAsync(CancellationToken cancellationToken)
    {
        var map = await api.FindAsync(ApiResource.ConfigMaps, ns, Name, ClusterJson.Default.ConfigMapView, cancellationToken);
        if (map is null)
        {
            return null;
        }

        version = map.Metadata.ResourceVersion;
        RecoveryJournal? journal = null;
        string? why = null;
        try
        {
            journal = JsonSerializer.Deserialize(map.Data?.GetValueOrDefault(Key) ?? "null", JournalJson.Default.RecoveryJournal);
        }
        catch (JsonException e)
        {
            why = e.Message;
        }

        return journal switch
        {
            null => throw new UserError(
                $"ConfigMap {ns}/{Name} is no journal of a recovery{(why is null ? "" : $": {why}")}", $"look at it, then: kubectl -n {ns} delete configmap {Name}", ExitCode.Usage),
            { Version: > RecoveryJournal.CurrentVersion } => throw new UserError(
                $"the journal in {ns}/{Name} has version {journal.Version}, and this program knows up to {RecoveryJournal.CurrentVersion}",
                "resume with the version of the program that began the recovery, or a newer one",
                ExitCode.Usage),
            _ => journal,
        };
    }

    /// <summary>Before the namespace is there, nothing is kept: the steps until then are done again.</summary>
    public async Task SaveAsync(RecoveryJournal journal, CancellationToken cancellationToken)
    {
        var data = new JsonObject { [Key] = JsonSerializer.Serialize(journal, JournalJson.Default.RecoveryJournal) };
        try
        {
            if (version is null)
            {
                var made = await api.CreateAsync(ApiResource.ConfigMaps, ns, Body(data, journal).ToJsonString(), dryRun: false, cancellationToken);
                version = (string?)made["metadata"]!["resourceVersion"];
            }
            else
            {
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = version }, ["data"] = data };
                version = (string?)(await api.MergeAsync(ApiResource.ConfigMaps, ns, Name, null, patch, cancellationToken))["metadata"]!["resourceVersion"];
            }
        }
        catch (ClusterException e) when (e.IsNotFound && version is null)
        {
        }
        catch (ClusterException e) when (e.IsConflict)
        {
            throw new UserError(
                $"somebody else goes on with the recovery of namespace {ns}: its journal was changed",
                "leave it to them; or, once they have stopped: kubectl mlopsbackup recover --resume",
                ExitCode.Locked,
                e);
        }
    }

    private static JsonObject Body(JsonObject data, RecoveryJournal journal) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = Name,
            ["labels"] = new JsonObject
            {
                ["app.kubernetes.io/managed-by"] = "kubectl-mlopsbackup",
                ["app.kubernetes.io/component"] = "recovery",
                ["mlopsbackup.io/recovery"] = journal.Id,
            },
        },
        ["data"] = data,
    };
}
