using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Configuration;

/// <summary>Checks that more than one section of the plan needs.</summary>
internal static partial class PlanText
{
    private const string LabelWanted = "a DNS label: 1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit";

    public static void CheckDnsLabel(string path, string value, PlanProblems problems)
    {
        if (value.Length == 0)
        {
            problems.AddMissing(path, LabelWanted);
        }
        else if (!DnsLabel().IsMatch(value))
        {
            problems.Add(path, value, LabelWanted);
        }
    }

    /// <summary>Null passes: the field was left out.</summary>
    public static void CheckFilePath(string path, string? value, PlanProblems problems)
    {
        if (value is not null && (value.Trim().Length == 0 || value.Any(char.IsControl)))
        {
            problems.Add(path, value, "the path of a file or folder");
        }
    }

    /// <summary>Null passes: the field was left out.</summary>
    public static void CheckEnvironmentName(string path, string? value, PlanProblems problems)
    {
        if (value is null || (EnvironmentName().IsMatch(value) && !AccessKeyId().IsMatch(value)))
        {
            return;
        }

        // What stands here wrongly is likely to be the secret itself.
        problems.Add(path, "got something that is no variable's name (not shown: it may be a secret); wants the name of an environment variable, such as BACKUP_PASSPHRASE");
    }

    /// <summary>Null passes: the field was left out.</summary>
    public static void CheckOneOf(string path, string? value, PlanProblems problems, params ReadOnlySpan<string> allowed)
    {
        if (value is not null && !allowed.Contains(value))
        {
            problems.Add(path, value, $"one of {string.Join(", ", allowed)}");
        }
    }

    public static void CheckNotBoth(string section, string first, bool hasFirst, string second, bool hasSecond, PlanProblems problems)
    {
        if (hasFirst && hasSecond)
        {
            problems.Add($"{section}.{second}", $"is set beside {first}; wants only one of the two");
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?\z")]
    private static partial Regex DnsLabel();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,127}\z")]
    private static partial Regex EnvironmentName();

    // An AWS access key id would pass for a name.
    [GeneratedRegex(@"^(AKIA|ASIA)[A-Z0-9]{16}\z")]
    private static partial Regex AccessKeyId();
}
