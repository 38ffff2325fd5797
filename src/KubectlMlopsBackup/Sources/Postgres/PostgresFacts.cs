using System.Text.Json;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// What was true of the database in the instant of its dump, and what a restore needs to know before it begins:
/// the file <c>facts.json</c> of a snapshot.
/// </summary>
internal sealed record PostgresFacts
{
    /// <summary>The largest <c>facts.json</c> that is believed, in bytes.</summary>
    private const int MaxBytes = 256 << 20;

    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Such as <c>15.18 (Debian 15.18-0+deb12u1)</c>.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>Such as 150018.</summary>
    public required int ServerVersionNumber { get; init; }

    /// <summary>Version of the <c>pg_dump</c> that wrote the dump.</summary>
    public required string ClientVersion { get; init; }

    /// <summary>The snapshot's instant by the server's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Write-ahead log position just after the snapshot was taken, such as <c>0/19B2F40</c>; null where not permitted.</summary>
    public string? WalLsn { get; init; }

    public required DatabaseFacts Database { get; init; }

    public required IReadOnlyList<ExtensionFacts> Extensions { get; init; }

    /// <summary>Roles that own something in the dump, other than the database itself.</summary>
    public required IReadOnlyList<string> OwnerRoles { get; init; }

    /// <summary>Roles that are granted something, or that a policy names.</summary>
    public required IReadOnlyList<string> GrantedRoles { get; init; }

    /// <summary>Tablespaces that tables or indexes lie in, other than the default one.</summary>
    public required IReadOnlyList<string> Tablespaces { get; init; }

    public required long LargeObjects { get; init; }

    public required int Sequences { get; init; }

    /// <summary>MLflow's schema version; null where there is no table <c>alembic_version</c>.</summary>
    public string? AlembicVersion { get; init; }

    /// <summary>A row a table, sorted by schema and name.</summary>
    public required IReadOnlyList<TableRows> Tables { get; init; }

    /// <summary>Size of the dump in bytes.</summary>
    public long DumpBytes { get; init; }

    /// <summary>How many artifact URIs the database names.</summary>
    public long ArtifactUris { get; init; }

    /// <summary>What could not be read, and is not in the backup.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public int ServerMajor => ServerVersionNumber / 10000;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, PostgresJson.Default.PostgresFacts);

    /// <exception cref="UserError">Written by a newer version of this program.</exception>
    /// <exception cref="InvalidDataException">No such thing.</exception>
    public static async Task<PostgresFacts> ReadAsync(Repository.ISnapshotFiles files, CancellationToken cancellationToken)
    {
        if (files.SizeOf(PostgresFiles.Facts) is not { } size)
        {
            throw new InvalidDataException($"the snapshot has no {PostgresFiles.Facts}: it is not one of a database");
        }

        if (size > MaxBytes)
        {
            throw new InvalidDataException($"{PostgresFiles.Facts} has {size} bytes; at most {MaxBytes} make sense");
        }

        await using var stream = await files.OpenAsync(PostgresFiles.Facts, cancellationToken);
        PostgresFacts? facts;
        try
        {
            facts = await JsonSerializer.DeserializeAsync(stream, PostgresJson.Default.PostgresFacts, cancellationToken);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{PostgresFiles.Facts} cannot be read: {e.Message}", e);
        }

        return facts switch
        {
            null => throw new InvalidDataException($"{PostgresFiles.Facts} is empty"),
            { Version: > CurrentVersion } => throw new UserError(
                $"the snapshot's {PostgresFiles.Facts} has version {facts.Version}; this program knows up to {CurrentVersion}",
                "use a newer version of this program"),
            _ => facts,
        };
    }
}
