using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

internal sealed record BackupRequest
{
    public required IReadOnlyList<Component> Components { get; init; }

    public bool ForceRead { get; init; }

    public bool AllowEmpty { get; init; }

    public bool NoMirror { get; init; }

    public bool Prune { get; init; }
}
