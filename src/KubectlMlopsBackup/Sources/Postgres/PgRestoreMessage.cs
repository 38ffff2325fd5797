namespace KubectlMlopsBackup.Sources.Postgres;

/// <param name="Text">What <c>pg_restore</c> said, with the lines that belong to it.</param>
/// <param name="BenignBecause">Why it does no harm; null where it does.</param>
internal sealed record PgRestoreMessage(string Text, string? BenignBecause);
