using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Counts what was restored, and compares it with what was backed up.</summary>
internal static class RestoreCheck
{
    /// <returns>A line a table of the backup.</returns>
    /// <exception cref="UserError">A count differs, a table is missing, or large objects are.</exception>
    public static async Task<List<RestoredTable>> RunAsync(
        NpgsqlConnection connection, PostgresFacts facts, CancellationToken cancellationToken)
    {
        var result = await CountAsync(connection, facts, cancellationToken);
        var wrong = result.Where(t => t.Actual != t.Expected)
            .Select(t => $"{t.Schema}.{t.Table} has {(t.Actual is { } rows ? $"{rows} rows" : "not been restored")}, {t.Expected} were backed up")
            .ToList();
        var objects = await connection.ScalarAsync<long>("SELECT count(*) FROM pg_largeobject_metadata", cancellationToken);
        if (objects != facts.LargeObjects)
        {
            wrong.Add($"there are {objects} large objects, {facts.LargeObjects} were backed up");
        }

        return wrong.Count == 0
            ? result
            : throw new UserError(
                $"what was restored is not what was backed up: {string.Join("; ", wrong.Take(10))}{(wrong.Count > 10 ? "; …" : "")}",
                "verify the repository, and look for triggers or rules in the dump that change rows",
                ExitCode.CheckFailed);
    }

    /// <returns>A line a table of the backup, with the rows that are there now.</returns>
    public static async Task<List<RestoredTable>> CountAsync(
        NpgsqlConnection connection, PostgresFacts facts, CancellationToken cancellationToken)
    {
        var present = (await RowCounts.TablesAsync(connection, cancellationToken)).ToDictionary(t => (t.Schema, t.Table));
        var result = new List<RestoredTable>();
        foreach (var table in facts.Tables)
        {
            long? rows = present.TryGetValue((table.Schema, table.Table), out var counted)
                ? (await RowCounts.CountAsync(connection, counted, cancellationToken)).Rows
                : null;
            result.Add(new RestoredTable(table.Schema, table.Table, table.Rows, rows));
        }

        return result;
    }

    /// <summary>Without statistics the first queries after a restore may take for ever; but they are no reason to fail it.</summary>
    /// <returns>Why it could not be done, or null.</returns>
    public static async Task<string?> AnalyzeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.RunAsync("ANALYZE", cancellationToken);
            return null;
        }
        catch (PostgresException e) when (!cancellationToken.IsCancellationRequested)
        {
            return $"ANALYZE failed, run it by hand: {e.MessageText}";
        }
    }
}
