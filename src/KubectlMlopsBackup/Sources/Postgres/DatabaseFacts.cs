namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>What <c>pg_dump</c> leaves out when it dumps one database: the database's own properties.</summary>
internal sealed record DatabaseFacts
{
    public required string Name { get; init; }

    public required string Owner { get; init; }

    /// <summary>By <c>pg_database_size</c>, with indexes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Such as <c>UTF8</c>.</summary>
    public required string Encoding { get; init; }

    public required string Collate { get; init; }

    public required string Ctype { get; init; }

    /// <summary><c>c</c> libc, <c>i</c> ICU, <c>b</c> built in (17 and later).</summary>
    public required string LocaleProvider { get; init; }

    /// <summary>Of the provider; null for libc.</summary>
    public string? Locale { get; init; }

    public string? IcuRules { get; init; }

    public string? Comment { get; init; }

    /// <summary>-1 means no limit.</summary>
    public int ConnectionLimit { get; init; } = -1;

    /// <summary><c>ALTER DATABASE … SET</c> and <c>ALTER ROLE … IN DATABASE … SET</c>.</summary>
    public required IReadOnlyList<DatabaseSetting> Settings { get; init; }

    /// <summary>Null where the rights on the database were never changed from the default.</summary>
    public IReadOnlyList<DatabaseGrant>? Grants { get; init; }
}
