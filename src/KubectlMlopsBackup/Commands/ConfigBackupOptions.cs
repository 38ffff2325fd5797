using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Commands;

/// <summary>What of the cluster's configuration is backed up, where it is not what the plan says.</summary>
internal static class ConfigBackupOptions
{
    public static Option<string> Secrets { get; } = Create();

    public static Option<string> Selector { get; } = new("--selector", "-l")
    {
        Description = "Config: only objects with these labels, such as app=mlflow.",
        HelpName = "SELECTOR",
    };

    public static Option<string[]> Include { get; } = new("--include")
    {
        Description = "Config: only these kinds, such as Deployment.apps, apps/* or secrets. May be given again.",
        HelpName = "KIND",
    };

    public static Option<string[]> Exclude { get; } = new("--exclude")
    {
        Description = "Config: not these kinds, beside those of the plan. May be given again.",
        HelpName = "KIND",
    };

    public static IReadOnlyList<Option> All { get; } = [Secrets, Selector, Include, Exclude];

    public static ConfigChoice Read(ParseResult parsed) => new(
        parsed.GetValue(Secrets), parsed.GetValue(Selector), parsed.GetValue(Include) ?? [], parsed.GetValue(Exclude) ?? []);

    private static Option<string> Create()
    {
        var option = new Option<string>("--secrets")
        {
            Description = "Config: include (only into an encrypted repository), names-only (of Secrets and their keys) or none. Default: the plan's, or include.",
            HelpName = "WHAT",
        };
        option.AcceptOnlyFromAmong(ConfigRules.Include, ConfigRules.NamesOnly, ConfigRules.None);
        return option;
    }
}
