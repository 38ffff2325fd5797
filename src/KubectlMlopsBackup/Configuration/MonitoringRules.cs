namespace KubectlMlopsBackup.Configuration;

internal static class MonitoringRules
{
    public const string RunbookWanted = "an absolute http or https URL without a fragment, such as https://wiki.example.com/mlopsbackup/troubleshooting.md";

    public static void Check(MonitoringSpec monitoring, PlanProblems problems)
    {
        if (monitoring.RunbookUrl is { } runbook && !IsRunbook(runbook))
        {
            problems.Add("spec.monitoring.runbookUrl", runbook, RunbookWanted);
        }
    }

    /// <summary>A section's anchor is put behind it.</summary>
    public static bool IsRunbook(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Fragment.Length: 0, Host.Length: > 0 };
}
