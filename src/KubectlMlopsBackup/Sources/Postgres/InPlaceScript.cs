using System.Globalization;
using System.Text;
using KubectlMlopsBackup.Mlflow;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>What is put before and behind the SQL of <c>pg_restore</c> for a restore in one transaction.</summary>
/// <remarks>
/// Not <c>psql --single-transaction</c>: that commits at the end of its input, also when the end came because whoever
/// wrote it was killed. Here COMMIT is the last thing written, after the check.
/// </remarks>
internal static class InPlaceScript
{
    /// <summary>What <c>psql</c> prints once the transaction is committed.</summary>
    public const string Committed = "mlopsbackup-committed";

    /// <summary>What <c>psql</c> prints before that, with the counts of <see cref="Rewrite"/> behind it.</summary>
    public const string Rewritten = "mlopsbackup-rewritten ";

    private const string TransactionTimeout = "SET transaction_timeout = 0;";

    /// <param name="tables">Quoted names of the tables that are there now. They are locked at once, with a time limit:
    /// the script itself switches limits off, and would wait for ever behind a busy application.</param>
    /// <param name="lockTimeout">That limit.</param>
    public static string Begin(IReadOnlyCollection<string> tables, TimeSpan lockTimeout)
    {
        var sql = new StringBuilder("BEGIN;\nSET LOCAL synchronous_commit = on;\n");
        sql.Append(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {(long)lockTimeout.TotalMilliseconds};\n");
        if (tables.Count > 0)
        {
            sql.Append(CultureInfo.InvariantCulture, $"LOCK TABLE {string.Join(", ", tables)} IN ACCESS EXCLUSIVE MODE;\n");
        }

        return sql.ToString();
    }

    /// <summary>Counts every table, raises an error at the first difference, commits otherwise.</summary>
    /// <param name="tables">With the rows they are to have.</param>
    /// <param name="rewrite">Null where artifact URIs stay as they are.</param>
    /// <param name="others">Tables that are not in the backup, as <c>schema.table</c>: not rewritten.</param>
    public static string End(IReadOnlyCollection<TableRows> tables, ArtifactRewrite? rewrite, IReadOnlyCollection<string> others)
    {
        var sql = new StringBuilder("\n");
        if (rewrite is not null)
        {
            sql.Append(Rewrite(rewrite, others));
        }

        if (tables.Count > 0)
        {
            sql.Append("DO $mlopsbackup$ DECLARE t record; n bigint; BEGIN FOR t IN SELECT * FROM (VALUES\n");
            sql.AppendJoin(",\n", tables.Select(t => string.Create(
                CultureInfo.InvariantCulture, $"({Sql.Literal(t.QuotedName)}, {Sql.Literal(t.Condition ?? "")}, {t.Rows}::bigint)")));
            sql.Append("\n) v(name, condition, expected) LOOP\n"
                + "EXECUTE 'SELECT count(*) FROM ONLY ' || t.name || ' ' || t.condition INTO n;\n"
                + "IF n <> t.expected THEN RAISE EXCEPTION '% has % rows, % were backed up', t.name, n, t.expected; END IF;\n"
                + "END LOOP; END $mlopsbackup$;\n");
        }

        var echo = rewrite is null ? "" : $"\\echo {Rewritten}:mlopsbackup_rewritten\n";
        return sql.Append(CultureInfo.InvariantCulture, $"COMMIT;\n{echo}\\echo {Committed}\n").ToString();
    }

    /// <summary>Rewrites the artifact URIs, and keeps the counts in a variable of <c>psql</c>.</summary>
    private static string Rewrite(ArtifactRewrite rewrite, IReadOnlyCollection<string> others) =>
        string.Concat(rewrite.Settings(write: true, others).Select(s => $"SET LOCAL {s.Name} = {Sql.Literal(s.Value)};\n"))
        + $"{ArtifactRewriteSql.Statement};\n"
        + $"SELECT current_setting('{ArtifactRewrite.ResultSetting}') AS mlopsbackup_rewritten \\gset\n";

    /// <summary>pg_restore 17 and newer begins with a setting that older servers refuse.</summary>
    /// <param name="head">The first bytes of its SQL, at least up to the end of its settings.</param>
    public static byte[] WithoutNewSettings(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf(Encoding.ASCII.GetBytes(TransactionTimeout));
        return at < 0 ? head.ToArray() : [.. head[..at], .. head[(at + TransactionTimeout.Length)..]];
    }
}
