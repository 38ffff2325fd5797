using System.CommandLine;
using System.CommandLine.Parsing;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Commands.Next;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Monitoring.Notifications;

namespace KubectlMlopsBackup.Commands;

/// <summary>After a verb that ran in this process: tells those whom the plan names how it ended.</summary>
internal static class RunNotice
{
    private static readonly string[] Told = ["backup", "verify", "prune", "mirror", "restore", "report save", "drill"];

    /// <param name="failure">What it threw; null where it came to its end.</param>
    public static async Task SendAsync(ParseResult parsed, VerbContext context, ExitCode code, Exception? failure, TimeSpan took)
    {
        var verb = new RunLine(parsed).Verb;
        if (context.Loaded is not { Spec.Notifications: { Count: > 0 } notifications } plan || !context.IsLocal || !Told.Contains(verb) || IsDryRun(parsed))
        {
            return;
        }

        code = failure is null ? code : CodeOf(failure);
        // One word a Job: the last try says it.
        if (JobAttempt.Current?.IsTriedAgain(code) == true)
        {
            return;
        }

        // One share of several is no whole run; one that fails is worth a word.
        if (code == ExitCode.Done && IsShare(parsed) && context.Notice is null)
        {
            return;
        }

        var cause = failure ?? context.PartFailure;
        var arguments = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens.Select(t => t.Value));
        var notice = context.Notice ?? new Notice
        {
            Plan = plan.Name,
            Verb = string.Join(' ', [verb, .. arguments]),
            ExitCode = (int)code,
            Outcome = Notice.OutcomeOf(code),
            Message = cause?.Message ?? Message(code),
            Fix = cause switch { UserError user => user.Fix, ClusterException cluster => cluster.Fix, _ => null },
            Seconds = took.TotalSeconds,
            Host = Environment.MachineName,
            Time = context.Clock.GetUtcNow(),
        };
        await new Notifier(w => Console.Error.WriteLine($"warning: {w}")).SendAsync(notifications, notice);
    }

    /// <summary>One share of several.</summary>
    public static bool IsShare(ParseResult parsed) => parsed.GetResult(ShareOption.Share) is { Implicit: false };

    public static ExitCode CodeOf(Exception failure) => failure switch
    {
        UserError user => user.Code,
        OperationCanceledException => ExitCode.Cancelled,
        Repository.RepositoryDamagedException => ExitCode.CheckFailed,
        _ => ExitCode.Failed,
    };

    private static string? Message(ExitCode code) => code switch
    {
        ExitCode.Incomplete => "finished, but something was left out: its log names it",
        ExitCode.CheckFailed => "damage, or a difference, was found: its log names it",
        ExitCode.Done => null,
        _ => "its log says why",
    };

    public static bool IsDryRun(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Any(o => !o.Implicit && o.Option.Name == "--dry-run");
}
