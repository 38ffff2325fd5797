using System.Data;
using System.Security.Cryptography;
using System.Text;
using KubectlMlopsBackup.Seed.Model;
using Npgsql;

namespace KubectlMlopsBackup.Seed.Checksums;

/// <summary>
/// A hash of all rows of all tables and of the sequences' places, read in one MVCC snapshot. The definitions of columns,
/// constraints, indexes, triggers and functions have a hash of their own.
/// </summary>
internal sealed record DatabaseChecksum(string Sha256, string Definitions, IReadOnlyList<TableChecksum> Tables)
{
    private const string Ours = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    // Casts and brackets are left out: pg_dump writes the check of a varchar against a list in another way than it was given.
    private const string DefinitionsSql =
        $"""
        SELECT string_agg(regexp_replace(d, '::[a-z ]+(\[\])?|[()]', '', 'g'), E'\n' ORDER BY d COLLATE "C") FROM (
          SELECT format('column %s.%s.%s %s %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                        pg_get_expr(f.adbin, f.adrelid)) AS d
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
          WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND {Ours}
          UNION ALL
          SELECT format('constraint %s %s %s', o.conrelid::regclass, o.conname, pg_get_constraintdef(o.oid))
          FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace WHERE {Ours}
          UNION ALL
          SELECT indexdef FROM pg_indexes i JOIN pg_namespace n ON n.nspname = i.schemaname WHERE {Ours}
          UNION ALL
          SELECT pg_get_triggerdef(t.oid)
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE NOT t.tgisinternal AND {Ours}
          UNION ALL
          SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          WHERE p.prokind IN ('f', 'p') AND {Ours}
            AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')
        ) x
        """;

    private const string TablesSql =
        $"""
        SELECT format('%I.%I', n.nspname, c.relname), string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND {Ours}
        GROUP BY n.nspname, c.relname ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
        """;

    private const string SequencesSql =
        """
        SELECT string_agg(format('%s.%s %s', schemaname, sequencename, last_value), E'\n' ORDER BY schemaname, sequencename)
        FROM pg_sequences WHERE schemaname !~ '^pg_'
        """;

    public static async Task<DatabaseChecksum> OfAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var selections = new List<(string Name, string Columns)>();
        await using (var command = new NpgsqlCommand(TablesSql, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                selections.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        var tables = new List<TableChecksum>();
        var all = new StringBuilder();
        foreach (var (name, columns) in selections)
        {
            await using var stream = await connection.BeginRawBinaryCopyAsync(
                $"COPY (SELECT {columns} FROM {name}) TO STDOUT (FORMAT binary)", cancellation);
            var (rows, sum) = CopyRows.Sum(stream, cancellation);
            tables.Add(new TableChecksum(name, rows, sum));
            all.Append(Catalog.Invariant($"{name} ({columns}) {rows} {sum}\n"));
        }

        all.Append(await TextAsync(connection, SequencesSql, cancellation));
        var definitions = await TextAsync(connection, DefinitionsSql, cancellation);
        return new DatabaseChecksum(Hash(all.ToString()), Hash(definitions), tables);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static async Task<string> TextAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation) as string ?? "";
    }
}
