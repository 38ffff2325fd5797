using System.CommandLine;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Commands;

/// <summary>The argument <c>postgres|artifacts|config|all</c>.</summary>
internal static class ComponentArgument
{
    public static Argument<string> Create(string description, bool withAll = true)
    {
        var argument = new Argument<string>("COMPONENT") { Description = description };
        if (withAll)
        {
            argument.DefaultValueFactory = _ => "all";
            argument.AcceptOnlyFromAmong("postgres", "artifacts", "config", "all");
        }
        else
        {
            argument.AcceptOnlyFromAmong("postgres", "artifacts", "config");
        }

        return argument;
    }

    /// <returns>Null for all.</returns>
    public static Component? Parse(string text) => text switch
    {
        "postgres" => Component.Postgres,
        "artifacts" => Component.Artifacts,
        "config" => Component.Config,
        _ => null,
    };
}
