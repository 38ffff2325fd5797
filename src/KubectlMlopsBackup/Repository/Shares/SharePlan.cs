namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>Which path is whose in one run. Written once, by who comes first (docs/repository-format.md, "Shares").</summary>
internal sealed record SharePlan
{
    public required string Run { get; init; }

    /// <summary>Name of the backup plan.</summary>
    public required string Plan { get; init; }

    /// <summary>What is read, for people: all shares must read the same.</summary>
    public required string Source { get; init; }

    public required int Count { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Id of the snapshot that this one follows; null for the first.</summary>
    public string? Parent { get; init; }

    /// <summary>Folders whose parts have shares of their own. Escaped as in a tree.</summary>
    public required IReadOnlyList<string> Splits { get; init; }

    public required IReadOnlyList<ShareUnit> Units { get; init; }

    /// <summary>What each share is expected to have.</summary>
    public required IReadOnlyList<ShareLoad> Expected { get; init; }

    /// <summary>SHA-256 of the JSON, in hex. Not part of it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Sum { get; init; } = "";
}

/// <param name="Path">Escaped as in a tree.</param>
/// <param name="Share">Its share's index.</param>
internal sealed record ShareUnit(string Path, int Share);
