using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>A connection from which databases are created, renamed and dropped: it may be to none of them.</summary>
internal static class MaintenanceConnection
{
    /// <summary>Every server has these two; some forbid the first.</summary>
    private static readonly string[] Databases = ["postgres", "template1"];

    public static async Task<NpgsqlConnection> OpenAsync(
        PostgresSettings settings, string target, CancellationToken cancellationToken)
    {
        UserError? last = null;
        foreach (var database in Databases.Where(d => d != target))
        {
            try
            {
                return await PostgresConnections.OpenAsync(settings, database, cancellationToken);
            }
            catch (UserError e) when (e.InnerException is PostgresException
            {
                SqlState: PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege
                    or PostgresErrorCodes.InvalidAuthorizationSpecification,
            })
            {
                last = e;
            }
        }

        throw new UserError(
            $"user {settings.User} may connect to neither of {string.Join(" and ", Databases.Where(d => d != target))}, "
            + "and a database cannot be created or renamed from within itself",
            $"GRANT CONNECT ON DATABASE postgres TO {Sql.Identifier(settings.User)}, or restore with --in-place",
            inner: last);
    }
}
