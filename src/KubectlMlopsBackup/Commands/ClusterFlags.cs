using System.CommandLine;
using System.Globalization;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Commands.Completion;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Commands;

/// <summary>kubectl's own flags for which cluster, which namespace and as whom.</summary>
internal static class ClusterFlags
{
    public static Option<string> Namespace { get; } = new("--namespace", "-n")
    {
        Description = "Namespace of the platform. Default: that of the plan, where the verb reads its file (install, render, alerts, s3, recover --plan); else the context's.",
        HelpName = "NAME",
        CompletionSources = { KnownNames.Namespaces },
        Recursive = true,
    };

    private static readonly Option<string> Context = new("--context")
    {
        Description = "Context of the kubeconfig. Default: its current one.",
        HelpName = "NAME",
        CompletionSources = { KnownNames.Contexts },
        Recursive = true,
    };

    private static readonly Option<string> Kubeconfig = new("--kubeconfig")
    {
        Description = "The kubeconfig. Default: $KUBECONFIG, or ~/.kube/config.",
        HelpName = "FILE",
        Recursive = true,
    };

    private static readonly Option<string> As = new("--as")
    {
        Description = "Act as this user.",
        HelpName = "USER",
        Recursive = true,
    };

    private static readonly Option<string[]> AsGroup = new("--as-group")
    {
        Description = "Act as a member of this group. May be given again.",
        HelpName = "GROUP",
        Recursive = true,
    };

    private static readonly Option<string> RequestTimeout = new("--request-timeout")
    {
        Description = "How long to wait for one answer of the cluster, such as 10s or 1m; 0 for ever. Default: 30s.",
        HelpName = "TIME",
        Recursive = true,
    };

    public static IReadOnlyList<Option> All { get; } = [Namespace, Context, Kubeconfig, As, AsGroup, RequestTimeout];

    /// <exception cref="UserError">The timeout is none.</exception>
    public static ClusterOptions Read(ParseResult parsed) => new(
        parsed.GetValue(Kubeconfig),
        parsed.GetValue(Context),
        parsed.GetValue(Namespace),
        parsed.GetValue(As),
        parsed.GetValue(AsGroup) ?? [],
        parsed.GetValue(RequestTimeout) is { } text ? Timeout(text) : null);

    /// <summary>As kubectl reads it: a number alone is seconds.</summary>
    private static TimeSpan Timeout(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : PlanDuration.TryParse(text, out var time) ? time
        : throw new UserError($"--request-timeout {text} is no time", "write it as 10s or 1m, or 0 for ever", ExitCode.Usage);
}
