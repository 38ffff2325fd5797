using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local.Import;

/// <summary>What became of one file.</summary>
internal sealed record ImportedFile
{
    public const string Imported = "imported";

    /// <summary>It was imported before.</summary>
    public const string There = "there";

    public const string WouldImport = "would import";
    public const string Failed = "failed";

    public required string File { get; init; }

    /// <summary>Null where it could not be told.</summary>
    public Component? Component { get; init; }

    /// <summary>Of the snapshot.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary><c>name</c>, <c>modified</c> or <c>--at</c>.</summary>
    public required string TimeFrom { get; init; }

    /// <summary>One of the four above.</summary>
    public required string State { get; init; }

    /// <summary>Its id; null where there is none.</summary>
    public string? Snapshot { get; init; }

    public string? Verdict { get; init; }

    public long? Files { get; init; }

    /// <summary>In the snapshot.</summary>
    public long? Bytes { get; init; }

    /// <summary>Of a database, counted after it was loaded.</summary>
    public long? Rows { get; init; }

    /// <summary>Whether the next prune keeps it; null where there is no snapshot.</summary>
    public bool? Kept { get; init; }

    public string? Error { get; init; }

    public string? Fix { get; init; }

    public int ExitCode { get; init; }
}
