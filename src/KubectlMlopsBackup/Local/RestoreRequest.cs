using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Local;

internal sealed record RestoreRequest
{
    /// <summary>Null: a whole recovery point.</summary>
    public Component? Component { get; init; }

    public required RestoreSelection Selection { get; init; }

    /// <summary>The name of a repository in the plan; null: the first that has it.</summary>
    public string? Repository { get; init; }

    /// <summary>Another place than the plan's: a folder or <c>s3://bucket/prefix</c>.</summary>
    public string? To { get; init; }

    /// <summary>Compare what is there with the snapshot, and write nothing.</summary>
    public bool DryRun => Artifacts.DryRun;

    /// <summary>One share of the artifacts, of so many; null for all.</summary>
    public (int Index, int Count)? Share { get; init; }

    public required RestoreOptions Artifacts { get; init; }

    public required PostgresRestoreOptions Postgres { get; init; }
}
