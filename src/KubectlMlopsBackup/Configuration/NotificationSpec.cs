namespace KubectlMlopsBackup.Configuration;

/// <summary>Who is told how a run ended. The address is a secret: whoever has it can write there.</summary>
internal sealed class NotificationSpec
{
    public string Name { get; set; } = "";

    /// <summary><c>slack</c> (also Mattermost, Rocket.Chat and others that take the same) or <c>webhook</c>.</summary>
    public string Kind { get; set; } = "";

    public string? UrlFile { get; set; }

    public string? UrlEnv { get; set; }

    public SecretKeySpec? UrlSecret { get; set; }

    /// <summary>Of the address, which nobody else may know: the network policy lets the pods out to it.</summary>
    public int Port { get; set; } = PlanDefaults.NotificationPort;

    /// <summary><c>failure</c> (whatever is not done) or <c>always</c>.</summary>
    public string When { get; set; } = PlanDefaults.NotifyWhen;

    /// <summary>Of a webhook's body (Scriban); null for a JSON object with all there is.</summary>
    public string? Template { get; set; }

    public string ContentType { get; set; } = PlanDefaults.NotificationType;

    public bool IsAlways() => When == PlanDefaults.NotifyAlways;

    public bool IsSlack() => Kind == PlanDefaults.Slack;
}
