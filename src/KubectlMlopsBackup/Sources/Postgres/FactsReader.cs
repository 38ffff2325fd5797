using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Reads everything in <see cref="PostgresFacts"/> but the row counts.</summary>
internal static class FactsReader
{
    private const string DatabaseSql = """
        SELECT d.datname::text, pg_get_userbyid(d.datdba)::text, pg_database_size(d.oid), pg_encoding_to_char(d.encoding)::text,
               d.datcollate::text, d.datctype::text,
               coalesce(to_jsonb(d)->>'datlocprovider', 'c'),
               coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale'),
               to_jsonb(d)->>'daticurules',
               shobj_description(d.oid, 'pg_database'), d.datconnlimit, d.datacl IS NULL
        FROM pg_database d WHERE d.datname = current_database()
        """;

    private const string SettingsSql = """
        SELECT r.rolname::text, split_part(item, '=', 1), substr(item, strpos(item, '=') + 1)
        FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) WITH ORDINALITY AS c(item, position)
        WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
        ORDER BY r.rolname COLLATE "C" NULLS FIRST, position
        """;

    private const string GrantsSql = """
        SELECT CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee)::text END, a.privilege_type::text, a.is_grantable
        FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = current_database()
        ORDER BY 1 NULLS FIRST, 2
        """;

    private const string ExtensionsSql = """
        SELECT e.extname::text, e.extversion, n.nspname::text
        FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY e.extname COLLATE "C"
        """;

    /// <summary>
    /// pg_shdepend does not know what the bootstrap superuser owns, so the catalogs are asked, and pg_shdepend for the rest.
    /// What belongs to an extension is not dumped, and 16384 is FirstNormalObjectId: below it is the server's own.
    /// </summary>
    private const string OwnersSql = """
        WITH owned(classid, objid, owner) AS (
          SELECT 'pg_class'::regclass, oid, relowner FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
          UNION ALL SELECT 'pg_namespace'::regclass, oid, nspowner FROM pg_namespace
          UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc
          UNION ALL SELECT 'pg_type'::regclass, oid, typowner FROM pg_type WHERE typtype IN ('d', 'e', 'r')
          UNION ALL SELECT 'pg_largeobject'::regclass, oid, lomowner FROM pg_largeobject_metadata
          UNION ALL SELECT s.classid, s.objid, s.refobjid FROM pg_shdepend s
            WHERE s.deptype = 'o' AND s.refclassid = 'pg_authid'::regclass AND s.classid <> 'pg_extension'::regclass
              AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        )
        SELECT DISTINCT pg_get_userbyid(o.owner)::text COLLATE "C" FROM owned o
        WHERE o.objid >= 16384 AND o.owner >= 10
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.objid AND d.deptype = 'e')
          AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE o.classid = 'pg_class'::regclass AND c.oid = o.objid AND n.nspname ~ '^pg_')
        ORDER BY 1
        """;

    private const string GrantedSql = """
        SELECT DISTINCT r.rolname::text COLLATE "C" FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid
        WHERE s.deptype IN ('a', 'r') AND s.refclassid = 'pg_authid'::regclass AND r.oid >= 16384
          AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        ORDER BY 1
        """;

    private const string TablespacesSql = """
        SELECT DISTINCT t.spcname::text COLLATE "C" FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace
        WHERE t.spcname <> 'pg_global' ORDER BY 1
        """;

    private const string AlembicSchemaSql = """
        SELECT quote_ident(n.nspname) || '.alembic_version' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = 'alembic_version' AND c.relkind = 'r'
        ORDER BY (SELECT count(*) FROM pg_class m WHERE m.relnamespace = n.oid AND m.relname IN ('experiments', 'runs')) DESC,
                 n.nspname = 'public' DESC, n.nspname LIMIT 1
        """;

    private const string LsnSql = """
        SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text
        """;

    /// <param name="connection">In the transaction whose snapshot is dumped.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Facts without tables, dump and client version, which are not known yet.</returns>
    public static async Task<PostgresFacts> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        async Task<List<string>> Names(string sql) => await connection.ListAsync(sql, r => r.GetString(0), cancellationToken);

        var lsn = await connection.ScalarAsync<string>(LsnSql, cancellationToken);
        var settings = await connection.ListAsync(
            SettingsSql, r => new DatabaseSetting(r.Text(0), r.GetString(1), r.GetString(2)), cancellationToken);
        var grants = await connection.ListAsync(
            GrantsSql, r => new DatabaseGrant(r.Text(0), r.GetString(1), r.GetBoolean(2)), cancellationToken);
        var databases = await connection.ListAsync(
            DatabaseSql, r => ReadDatabase(r) with { Settings = settings, Grants = r.GetBoolean(11) ? null : grants }, cancellationToken);
        var alembic = await connection.ScalarAsync<string>(AlembicSchemaSql, cancellationToken);
        return new PostgresFacts
        {
            ServerVersion = await connection.ScalarAsync<string>("SELECT current_setting('server_version')", cancellationToken) ?? "",
            ServerVersionNumber = await connection.ScalarAsync<int>("SELECT current_setting('server_version_num')::int", cancellationToken),
            ClientVersion = "",
            Time = await connection.ScalarAsync<DateTime>("SELECT transaction_timestamp()", cancellationToken),
            WalLsn = lsn,
            Database = databases.Single(),
            Extensions = await connection.ListAsync(
                ExtensionsSql, r => new ExtensionFacts(r.GetString(0), r.GetString(1), r.GetString(2)), cancellationToken),
            OwnerRoles = await Names(OwnersSql),
            GrantedRoles = await Names(GrantedSql),
            Tablespaces = await Names(TablespacesSql),
            LargeObjects = await connection.ScalarAsync<long>("SELECT count(*) FROM pg_largeobject_metadata", cancellationToken),
            Sequences = await connection.ScalarAsync<int>(
                "SELECT count(*)::int FROM pg_class WHERE relkind = 'S' AND relpersistence <> 't'", cancellationToken),
            AlembicVersion = alembic is null
                ? null
                : await connection.ScalarAsync<string>($"SELECT string_agg(version_num, ',' ORDER BY version_num) FROM {alembic}", cancellationToken),
            Tables = [],
            Warnings = [],
        };
    }

    private static DatabaseFacts ReadDatabase(NpgsqlDataReader r) => new()
    {
        Name = r.GetString(0),
        Owner = r.GetString(1),
        SizeBytes = r.GetInt64(2),
        Encoding = r.GetString(3),
        Collate = r.GetString(4),
        Ctype = r.GetString(5),
        LocaleProvider = r.GetString(6),
        Locale = r.Text(7),
        IcuRules = r.Text(8),
        Comment = r.Text(9),
        ConnectionLimit = r.GetInt32(10),
        Settings = [],
    };
}
