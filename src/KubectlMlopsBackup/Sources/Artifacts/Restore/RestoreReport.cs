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

    /// <summary>Null where nobody counted: a dry run looks for what the snapshot does not have only if that were to be deleted.</summary>
    public long? Deleted { get; init; }

    /// <summary>With a dry run: paths that differ, at most <see cref="RestoreCounters.MaxDiffering"/> of <see cref="FilesWritten"/>.</summary>
    public IReadOnlyList<string> Differing { get; init; } = [];

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
            Deleted = options is { DryRun: true, Delete: false } ? null : counters.Deleted,
            Differing = counters.Differing(),
            Seconds = elapsed.TotalSeconds,
            ProblemCount = problems.Count,
            Problems = problems.Named(),
        };

    /// <summary>Whether the target was just as the snapshot before.</summary>
    public bool WasEqual => FilesWritten == 0 && !(Deleted > 0);
}
