using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Everything that can be known before the first write, so that it does not fail an hour later.</summary>
internal sealed class RestorePreflight(NpgsqlConnection connection, PostgresFacts facts, PostgresRestoreOptions options, string user)
{
    /// <summary>Set by <see cref="CheckServerAsync"/>.</summary>
    public int ServerVersionNumber { get; private set; }

    /// <summary>Tablespaces of the dump that this server lacks: everything then goes to the default one.</summary>
    public List<string> MissingTablespaces { get; } = [];

    /// <summary>What matters in place too.</summary>
    public async Task CheckServerAsync(CancellationToken cancellationToken)
    {
        ServerVersionNumber = await connection.ScalarAsync<int>("SELECT current_setting('server_version_num')::int", cancellationToken);
        if (ServerVersionNumber / 10000 < facts.ServerMajor)
        {
            throw new UserError(
                $"the backup is of PostgreSQL {facts.ServerMajor}, and this server is {ServerVersionNumber / 10000}: older servers may not read it",
                $"restore into PostgreSQL {facts.ServerMajor} or newer");
        }

        await CheckExtensionsAsync(cancellationToken);
        await CheckRolesAsync(cancellationToken);
        foreach (var name in facts.Tablespaces)
        {
            if (!await ExistsAsync("pg_tablespace", "spcname", name, cancellationToken))
            {
                MissingTablespaces.Add(name);
            }
        }
    }

    /// <summary>Names go by the second, and two restores of a small database fit into one: the later one is named after a second that is free.</summary>
    public async Task<DateTimeOffset> FreeSecondAsync(string target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (await ExistsAsync("pg_database", "datname", DatabaseNames.Before(target, now), cancellationToken)
            || await ExistsAsync("pg_database", "datname", DatabaseNames.Scratch(target, now), cancellationToken))
        {
            now += TimeSpan.FromSeconds(1);
        }

        return now;
    }

    /// <summary>What matters for a new database beside the old one.</summary>
    /// <returns>Whether there is a live database of that name.</returns>
    public async Task<bool> CheckNamesAsync(
        string target, string scratch, string before, CancellationToken cancellationToken)
    {
        if (!await connection.ScalarAsync<bool>(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user", cancellationToken))
        {
            throw new UserError(
                $"user {user} may not create databases, and a restore goes into a new one beside the live one",
                $"ALTER ROLE {Sql.Identifier(user)} CREATEDB, or restore with --in-place, in one transaction");
        }

        foreach (var name in new[] { scratch, before })
        {
            if (await ExistsAsync("pg_database", "datname", name, cancellationToken))
            {
                throw new UserError($"there is a database {name} already", "wait a second, or drop it if nobody needs it");
            }
        }

        if (!await ExistsAsync("pg_database", "datname", target, cancellationToken))
        {
            return false;
        }

        if (!await connection.ScalarAsync<bool>(
            "SELECT pg_has_role(datdba, 'USAGE') AND NOT datistemplate FROM pg_database WHERE datname = $1", cancellationToken, target))
        {
            throw new UserError(
                $"user {user} does not own the database {target} (or it is a template), and so cannot rename it",
                $"restore as its owner or a superuser, give another target name, or restore with --in-place");
        }

        return true;
    }

    private async Task CheckExtensionsAsync(CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var extension in facts.Extensions)
        {
            if (!await ExistsAsync("pg_available_extensions", "name", extension.Name, cancellationToken))
            {
                missing.Add($"{extension.Name} {extension.Version}");
            }
        }

        if (missing.Count > 0)
        {
            throw new UserError(
                $"this server does not have the extension{(missing.Count > 1 ? "s" : "")} that the backup needs: {string.Join(", ", missing)}",
                "install the packages on the server (Debian: postgresql-contrib, or the extension's own), then run this again");
        }
    }

    private async Task CheckRolesAsync(CancellationToken cancellationToken)
    {
        if (options.NoOwner)
        {
            return;
        }

        var owners = options.InPlace ? facts.OwnerRoles : [.. facts.OwnerRoles, facts.Database.Owner];
        var granted = facts.GrantedRoles.Concat((facts.Database.Grants ?? []).Select(g => g.Role).OfType<string>());
        var missing = new List<string>();
        foreach (var role in owners.Concat(granted).Distinct(StringComparer.Ordinal))
        {
            if (!await ExistsAsync("pg_roles", "rolname", role, cancellationToken))
            {
                missing.Add(role);
            }
        }

        if (missing.Count > 0)
        {
            throw new UserError(
                $"this server lacks roles that own something in the backup or are granted something: {string.Join(", ", missing)}",
                $"create them (CREATE ROLE …; they are in the backup's {PostgresFiles.Globals}, see export), or restore with --no-owner");
        }

        var foreign = new List<string>();
        foreach (var role in owners.Distinct(StringComparer.Ordinal))
        {
            if (!await connection.ScalarAsync<bool>("SELECT pg_has_role($1::name, 'MEMBER')", cancellationToken, role))
            {
                foreign.Add(role);
            }
        }

        if (foreign.Count > 0)
        {
            throw new UserError(
                $"user {user} may not make objects belong to {string.Join(", ", foreign)}, which own something in the backup",
                $"GRANT {string.Join(", ", foreign.Select(Sql.Identifier))} TO {Sql.Identifier(user)}, or restore with --no-owner");
        }
    }

    private Task<bool> ExistsAsync(string catalog, string column, string name, CancellationToken cancellationToken) =>
        connection.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM {catalog} WHERE {column} = $1)", cancellationToken, name);
}
