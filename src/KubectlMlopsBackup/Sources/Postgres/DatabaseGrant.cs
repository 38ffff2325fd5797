namespace KubectlMlopsBackup.Sources.Postgres;

/// <param name="Role">Null means PUBLIC.</param>
/// <param name="Privilege"><c>CONNECT</c>, <c>CREATE</c> or <c>TEMPORARY</c>.</param>
/// <param name="WithGrantOption">Whether it may be passed on.</param>
internal sealed record DatabaseGrant(string? Role, string Privilege, bool WithGrantOption)
{
    public string ToSql(string database) =>
        $"GRANT {Privilege} ON DATABASE {Sql.Identifier(database)} TO {(Role is null ? "PUBLIC" : Sql.Identifier(Role))}"
        + (WithGrantOption ? " WITH GRANT OPTION" : "");
}
