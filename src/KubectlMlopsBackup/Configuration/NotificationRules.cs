using System.Net.Http.Headers;
using Scriban;

namespace KubectlMlopsBackup.Configuration;

/// <summary>Checks who is told how runs end.</summary>
internal static class NotificationRules
{
    private const string Section = "spec.notifications";
    private const int Most = 20;

    public static void Check(IReadOnlyList<NotificationSpec> notifications, PlanProblems problems)
    {
        if (notifications.Count > Most)
        {
            problems.Add(Section, $"has {notifications.Count} entries; wants at most {Most}");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < notifications.Count; i++)
        {
            var path = $"{Section}[{i}]";
            Check(path, notifications[i], problems);
            if (!names.Add(notifications[i].Name))
            {
                problems.Add($"{path}.name", notifications[i].Name, "a name that no other has");
            }
        }
    }

    private static void Check(string path, NotificationSpec one, PlanProblems problems)
    {
        PlanText.CheckDnsLabel($"{path}.name", one.Name, problems);
        PlanText.CheckOneOf($"{path}.kind", one.Kind, problems, PlanDefaults.Slack, PlanDefaults.Webhook);
        PlanText.CheckOneOf($"{path}.when", one.When, problems, PlanDefaults.NotifyWhen, PlanDefaults.NotifyAlways);
        if (new object?[] { one.UrlFile, one.UrlEnv, one.UrlSecret }.Count(u => u is not null) != 1)
        {
            problems.Add(path, "wants exactly one of urlSecret, urlFile and urlEnv");
        }

        PlanText.CheckFilePath($"{path}.urlFile", one.UrlFile, problems);
        PlanText.CheckEnvironmentName($"{path}.urlEnv", one.UrlEnv, problems);
        KubernetesText.CheckSecretKey($"{path}.urlSecret", one.UrlSecret, problems);
        if (one.Port is < 1 or > 65_535)
        {
            problems.Add($"{path}.port", $"{one.Port}", "a port from 1 to 65535");
        }

        if (!MediaTypeHeaderValue.TryParse(one.ContentType, out _))
        {
            problems.Add($"{path}.contentType", one.ContentType, "a media type such as application/json");
        }

        if (one.Template is { } template)
        {
            if (one.IsSlack())
            {
                problems.Add($"{path}.template", "is for kind: webhook");
            }
            else if (Template.Parse(template) is { HasErrors: true } parsed)
            {
                problems.Add($"{path}.template", $"cannot be read: {parsed.Messages[0].Message}");
            }
        }
    }
}
