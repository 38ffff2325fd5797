using System.Text.Json;
using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Repository.Snapshots;

/// <summary>One component at one moment. Its id is the SHA-256 of this JSON, so it never changes once written.</summary>
internal sealed record Snapshot
{
    public const string Prefix = "snapshots/";
    public const int MaxSize = 64 << 20;
    public const int MaxProblems = 1000;

    public required int Format { get; init; }

    public required Component Component { get; init; }

    /// <summary>The moment the data is from: the database's MVCC snapshot, or the start of the walk.</summary>
    public required DateTimeOffset Time { get; init; }

    public required DateTimeOffset Finished { get; init; }

    /// <summary>Name of the plan.</summary>
    public required string Plan { get; init; }

    /// <summary>What was read, for people: <c>postgres://host:port/db</c>, a path, an S3 prefix.</summary>
    public required string Source { get; init; }

    public required string Host { get; init; }

    /// <summary>Version of the program that wrote it.</summary>
    public required string Tool { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>At most <see cref="MaxProblems"/>.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    public long ProblemCount { get; init; }

    public required TreeRef Tree { get; init; }

    public required SnapshotStats Stats { get; init; }

    /// <summary>Id of the snapshot of the same component and plan before it; null for the first.</summary>
    public string? Follows { get; init; }

    /// <summary>The run that it was made in, where several processes made it; null otherwise.</summary>
    public string? Run { get; init; }

    /// <summary>How many they were.</summary>
    public int? Shares { get; init; }

    /// <summary>What the source has to say: PostgreSQL's version, row counts; null where nothing.</summary>
    public JsonElement? Facts { get; init; }

    /// <summary>64 hex digits: the SHA-256 of the JSON. Not part of it.</summary>
    [JsonIgnore]
    public string Id { get; init; } = "";

    [JsonIgnore]
    public string ShortId => Id[..Math.Min(8, Id.Length)];

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RepositoryJson.Default.Snapshot);

    /// <exception cref="RepositoryDamagedException">Not a snapshot.</exception>
    public static Snapshot FromJson(byte[] json, string key)
    {
        try
        {
            var snapshot = JsonSerializer.Deserialize(json, RepositoryJson.Default.Snapshot)
                ?? throw new RepositoryDamagedException(key, "is empty");
            return snapshot with { Id = ChunkId.Of(json).ToString() };
        }
        catch (JsonException e)
        {
            throw new RepositoryDamagedException(key, "is not a snapshot", e);
        }
    }
}
