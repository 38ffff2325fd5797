namespace KubectlMlopsBackup.Sources.Postgres;

/// <param name="Role">Whom it is for; null means everyone.</param>
/// <param name="Name">Such as <c>work_mem</c>.</param>
/// <param name="Value">As the server keeps it.</param>
internal sealed record DatabaseSetting(string? Role, string Name, string Value)
{
    /// <summary>GUC_LIST_QUOTE parameters: the value is a list of quoted names, each of which is set as its own literal.</summary>
    private static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase)
    {
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries",
        "temp_tablespaces", "unix_socket_directories",
    };

    /// <param name="database">The database it is set for.</param>
    /// <returns>The statement that sets it.</returns>
    public string ToSql(string database)
    {
        var target = Role is null
            ? $"ALTER DATABASE {Sql.Identifier(database)}"
            : $"ALTER ROLE {Sql.Identifier(Role)} IN DATABASE {Sql.Identifier(database)}";
        var value = Lists.Contains(Name)
            ? string.Join(", ", Split(Value).Select(Sql.Literal))
            : Sql.Literal(Value);
        return $"{target} SET {string.Join('.', Name.Split('.').Select(Sql.Identifier))} TO {(value.Length == 0 ? "''" : value)}";
    }

    private static IEnumerable<string> Split(string list)
    {
        var item = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < list.Length; i++)
        {
            switch (list[i])
            {
                case '"' when quoted && i + 1 < list.Length && list[i + 1] == '"':
                    item.Append('"');
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    yield return item.ToString();
                    item.Clear();
                    break;
                case ' ' when !quoted:
                    break;
                default:
                    item.Append(list[i]);
                    break;
            }
        }

        if (item.Length > 0 || list.Length > 0)
        {
            yield return item.ToString();
        }
    }
}
