namespace KubectlMlopsBackup.Local.Import;

internal sealed record ImportRequest
{
    /// <summary>Files, and folders whose files are meant.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The name of a repository of the plan; null for its first.</summary>
    public string? Repository { get; init; }

    /// <summary>When the backup was made; only with one file. Null: as its name says.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Folders to take off the archives' paths; null: until the artifacts' own folder.</summary>
    public int? StripComponents { get; init; }

    /// <summary>Where archives are unpacked; null for the system's folder for temporary files.</summary>
    public string? Scratch { get; init; }

    public bool DryRun { get; init; }
}
