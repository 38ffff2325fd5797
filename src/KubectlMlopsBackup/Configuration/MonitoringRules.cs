namespace KubectlMlopsBackup.Configuration;

internal static class MonitoringRules
{
    private const string PushSection = "spec.monitoring.push";
    private const int MostTargets = 10;

    public const string RunbookWanted = "an absolute http or https URL without a fragment, such as https://wiki.example.com/mlopsbackup/troubleshooting.md";

    public static void Check(MonitoringSpec monitoring, PlanProblems problems)
    {
        if (monitoring.RunbookUrl is { } runbook && !IsRunbook(runbook))
        {
            problems.Add("spec.monitoring.runbookUrl", runbook, RunbookWanted);
        }

        var push = monitoring.Push ?? [];
        if (push.Count > MostTargets)
        {
            problems.Add(PushSection, $"has {push.Count} entries; wants at most {MostTargets}");
        }

        for (var i = 0; i < push.Count; i++)
        {
            Check($"{PushSection}[{i}]", push[i], problems);
            if (push.FindIndex(p => p.Name == push[i].Name) < i)
            {
                problems.Add($"{PushSection}[{i}].name", push[i].Name, "a name that no other has");
            }
        }
    }

    private static void Check(string path, PushSpec one, PlanProblems problems)
    {
        PlanText.CheckDnsLabel($"{path}.name", one.Name, problems);
        PlanText.CheckOneOf($"{path}.kind", one.Kind, problems, PlanDefaults.Pushgateway, PlanDefaults.Otlp);
        if (!Uri.TryCreate(one.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0
            || url is not { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 })
        {
            // It may have a password in it: it is not shown.
            problems.Add($"{path}.url", "is no http or https URL without user, password and query; credentials go into headersSecret");
        }

        if (new object?[] { one.HeadersFile, one.HeadersEnv, one.HeadersSecret }.Count(h => h is not null) > 1)
        {
            problems.Add(path, "wants at most one of headersSecret, headersFile and headersEnv");
        }

        PlanText.CheckFilePath($"{path}.headersFile", one.HeadersFile, problems);
        PlanText.CheckEnvironmentName($"{path}.headersEnv", one.HeadersEnv, problems);
        KubernetesText.CheckSecretKey($"{path}.headersSecret", one.HeadersSecret, problems);
    }

    /// <summary>A section's anchor is put behind it.</summary>
    public static bool IsRunbook(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Fragment.Length: 0, Host.Length: > 0 };
}
