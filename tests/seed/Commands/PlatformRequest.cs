namespace KubectlMlopsBackup.Seed.Commands;

/// <param name="Postgres">Null where no database is wanted.</param>
/// <param name="Artifacts">Absolute; null where no tree is wanted.</param>
internal sealed record PlatformRequest(SeedOptions Options, string? Postgres, string? Artifacts);
