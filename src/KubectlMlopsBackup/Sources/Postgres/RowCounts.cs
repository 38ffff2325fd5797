using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Exact row counts of the tables whose rows <c>pg_dump</c> writes.</summary>
internal static class RowCounts
{
    /// <summary>
    /// Plain tables and partitions, logged or not. A partitioned table has no rows of its own; views, materialized views
    /// and foreign tables are not dumped as rows; an extension's tables only where it marked them
    /// with <c>pg_extension_config_dump</c>.
    /// </summary>
    private const string TablesSql = """
        SELECT c.oid, n.nspname::text, c.relname::text, coalesce(config.condition, '')
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e'
        LEFT JOIN LATERAL (
          SELECT e.extcondition[i] AS condition
          FROM pg_extension e, generate_subscripts(e.extconfig, 1) i
          WHERE e.oid = d.refobjid AND e.extconfig[i] = c.oid
        ) config ON true
        WHERE c.relkind = 'r' AND c.relpersistence <> 't'
          AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND (d.objid IS NULL OR config.condition IS NOT NULL)
        ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
        """;

    public static Task<List<CountedTable>> TablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ListAsync(
            TablesSql,
            r => new CountedTable(r.GetFieldValue<uint>(0), r.GetString(1), r.GetString(2), r.GetString(3)),
            cancellationToken);

    public static async Task<TableRows> CountAsync(
        NpgsqlConnection connection, CountedTable table, CancellationToken cancellationToken) =>
        new(
            table.Schema,
            table.Table,
            await connection.ScalarAsync<long>(table.CountSql, cancellationToken),
            table.Condition.Length == 0 ? null : table.Condition);

    public static async Task<List<TableRows>> CountAsync(
        NpgsqlConnection connection, IEnumerable<CountedTable> tables, CancellationToken cancellationToken)
    {
        var counts = new List<TableRows>();
        foreach (var table in tables)
        {
            counts.Add(await CountAsync(connection, table, cancellationToken));
        }

        return counts;
    }
}
