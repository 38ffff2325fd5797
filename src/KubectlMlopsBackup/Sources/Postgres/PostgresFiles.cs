namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Paths inside a snapshot of the component <c>postgres</c>.</summary>
internal static class PostgresFiles
{
    /// <summary>What <c>pg_dump -Fc -Z0</c> wrote.</summary>
    public const string Dump = "database.dump";

    /// <summary><see cref="PostgresFacts"/> as JSON.</summary>
    public const string Facts = "facts.json";

    /// <summary>Roles and tablespaces, from <c>pg_dumpall --globals-only</c>. Empty where it could not be read.</summary>
    public const string Globals = "globals.sql";

    /// <summary>Every artifact URI that the database names, one a line.</summary>
    public const string ArtifactUris = "artifact-uris.tsv";
}
