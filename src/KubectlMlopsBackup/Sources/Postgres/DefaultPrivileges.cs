using System.Text;
using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// ALTER DEFAULT PRIVILEGES of the live database would add grants to every table that a restore in place creates, which
/// the dump knows nothing of. So they are reset first; the dump puts its own back at its end.
/// </summary>
internal static class DefaultPrivileges
{
    /// <summary>Only those of the role that creates the objects have an effect.</summary>
    private const string GrantedSql = """
        SELECT d.defaclobjtype::text, n.nspname::text,
               CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
        FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
        WHERE d.defaclrole = (SELECT oid FROM pg_roles WHERE rolname = current_user)
          AND (a.grantee <> d.defaclrole OR d.defaclnamespace <> 0)
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """;

    private const string GlobalSql = """
        SELECT defaclobjtype::text FROM pg_default_acl
        WHERE defaclrole = (SELECT oid FROM pg_roles WHERE rolname = current_user) AND defaclnamespace = 0
        """;

    /// <returns>Statements; empty where nothing was ever altered.</returns>
    public static async Task<string> ResetSqlAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var sql = new StringBuilder();
        foreach (var (kind, schema, role) in await connection.ListAsync(
            GrantedSql, r => (r.GetString(0), r.Text(1), r.GetString(2)), cancellationToken))
        {
            var where = schema is null ? "" : $" IN SCHEMA {Sql.Identifier(schema)}";
            sql.Append($"ALTER DEFAULT PRIVILEGES{where} REVOKE ALL ON {Objects(kind)} FROM {role};\n");
        }

        // An entry for all schemas replaces what the server grants by itself: it goes away once it is equal to that.
        foreach (var kind in await connection.ListAsync(GlobalSql, r => r.GetString(0), cancellationToken))
        {
            sql.Append($"ALTER DEFAULT PRIVILEGES GRANT ALL ON {Objects(kind)} TO CURRENT_USER;\n");
            if (kind is "f" or "T")
            {
                sql.Append($"ALTER DEFAULT PRIVILEGES GRANT ALL ON {Objects(kind)} TO PUBLIC;\n");
            }
        }

        return sql.ToString();
    }

    private static string Objects(string kind) => kind switch
    {
        "r" => "TABLES",
        "S" => "SEQUENCES",
        "f" => "FUNCTIONS",
        "T" => "TYPES",
        "n" => "SCHEMAS",
        "L" => "LARGE OBJECTS",
        _ => throw new InvalidDataException($"unknown kind of default privileges: {kind}"),
    };
}
