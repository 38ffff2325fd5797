using System.Globalization;
using System.Text.RegularExpressions;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>MLflow's address of its database, as its container's definition has it: with <c>$(NAME)</c> where a variable stands.</summary>
/// <param name="Password">Only ever a reference to a variable; what is written out is not kept.</param>
internal sealed partial record DatabaseAddress(string Host, int? Port, string? Database, string? User, string? Password)
{
    /// <returns>Null where the container has no address of a PostgreSQL database in plain sight.</returns>
    public static DatabaseAddress? Of(ContainerView container)
    {
        var text = container.Variable("MLFLOW_BACKEND_STORE_URI", "BACKEND_STORE_URI", "BACKEND_URI", "DATABASE_URL")?.Value ?? Flag(container.CommandLine, "--backend-store-uri");
        return text is null ? null : Parse(Expand(text, container));
    }

    /// <summary>A flag's value on a command line, after a blank or an equals sign.</summary>
    public static string? Flag(string commandLine, string flag)
    {
        var match = Regex.Match(commandLine, $@"(?:^|\s){Regex.Escape(flag)}(?:=|\s+)(""[^""]+""|'[^']+'|\S+)", RegexOptions.None, TimeSpan.FromSeconds(1));
        return match.Success ? match.Groups[1].Value.Trim('"', '\'') : null;
    }

    /// <summary>Puts in what variables say, where they say it themselves and not a Secret.</summary>
    public static string Expand(string text, ContainerView container) => Reference().Replace(
        text, m => container.Variable(m.Groups[1].Value)?.Value is { } value && !value.Contains('$', StringComparison.Ordinal) ? value : $"$({m.Groups[1].Value})");

    /// <returns>The variable's name; null for a plain text.</returns>
    public static string? VariableIn(string? text) =>
        text is not null && Reference().Match(text) is { Success: true } match && match.Length == text.Length ? match.Groups[1].Value : null;

    private static DatabaseAddress? Parse(string text)
    {
        var match = Address().Match(text);
        return match.Success
            ? new DatabaseAddress(
                match.Groups["host"].Value,
                int.TryParse(match.Groups["port"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null,
                Value(match.Groups["database"]),
                Value(match.Groups["user"]),
                VariableIn(Value(match.Groups["password"])) is { } name ? $"$({name})" : null)
            : null;
    }

    private static string? Value(Group group) => group is { Success: true, Length: > 0 } ? group.Value : null;

    [GeneratedRegex(@"\$[({]([A-Za-z_][A-Za-z0-9_]*)[)}]")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^postgres(ql)?(\+\w+)?://((?<user>[^:@/]*)(:(?<password>[^@]*))?@)?(?<host>[^:/?@]+)(:(?<port>[^/?]+))?(/(?<database>[^?\s]+))?")]
    private static partial Regex Address();
}
