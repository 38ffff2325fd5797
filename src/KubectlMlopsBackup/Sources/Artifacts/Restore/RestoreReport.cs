using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts.Backup;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>What an artifacts restore did. Sizes are bytes.</summary>
internal sealed record RestoreReport
{
    public required string Snapshot { get; init; }

    public required string Target { get; init; }

    /// <summary>Nothing was written: what is said to be written or deleted differs, or is not in the snapshot.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Files that are now as in the snapshot.</summary>
    public required long Files { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Of these, the ones that had to be written.</summary>
    public required long FilesWritten { get; init; }

    public required long BytesWritten { get; init; }

    public required long Directories { get; init; }

    public required long Links { get; init; }

    public required long Deleted { get; init; }

    public required double Seconds { get; init; }

    public required long ProblemCount { get; init; }

    public required IReadOnlyList<Problem> Problems { get; init; }

    public static RestoreReport Of(
        Snapshot snapshot,
        string target,
        RestoreOptions options,
        RestoreCounters counters,
        BackupProblems problems,
        TimeSpan elapsed) => new()
        {
            Snapshot = snapshot.Id,
            Target = target,
            DryRun = options.DryRun,
            Files = counters.Files,
            Bytes = counters.Bytes,
            FilesWritten = counters.FilesWritten,
            BytesWritten = counters.BytesWritten,
            Directories = counters.Directories,
            Links = counters.Links,
            Deleted = counters.Deleted,
            Seconds = elapsed.TotalSeconds,
            ProblemCount = problems.Count,
            Problems = problems.Named(),
        };

    /// <summary>Whether the target was just as the snapshot before.</summary>
    public bool WasEqual => FilesWritten == 0 && Deleted == 0;
}
