using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>What became of an object.</summary>
/// <param name="Object">As kubectl writes it: <c>cronjob.batch/postgres-backup</c>.</param>
/// <param name="Action">created, configured, unchanged, deleted or kept.</param>
/// <param name="Diff">Lines of a unified diff; null where it was not asked for, or nothing differs.</param>
internal sealed record ObjectChange(string Object, string Action, IReadOnlyList<string>? Diff = null)
{
    public const string Created = "created";
    public const string Configured = "configured";
    public const string Unchanged = "unchanged";
    public const string Deleted = "deleted";
    public const string Kept = "kept";

    [JsonIgnore]
    public bool IsChange => Action is not (Unchanged or Kept);
}
