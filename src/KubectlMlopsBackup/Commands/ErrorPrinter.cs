using System.CommandLine;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Commands.Next;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>Says what went wrong and what to do, and knows the exit code for it.</summary>
internal static class ErrorPrinter
{
    /// <summary>What ended the program, and what to type now.</summary>
    public static ExitCode PrintLast(Exception e, ParseResult parsed)
    {
        var code = Print(
            e, parsed.GetValue(GlobalOptions.Verbose), parsed.GetValue(GlobalOptions.Output) == "events", parsed.GetValue(GlobalOptions.Color), fix => CommandAddress.Add(fix, parsed));
        NextPrinter.PrintFailure(parsed, FixOf(e), code);
        return code;
    }

    /// <param name="events">As a line of JSON on standard output, too: <see cref="OutputFormat.Events"/>.</param>
    /// <param name="color">As <c>--color</c> says; null for what the terminal has.</param>
    /// <param name="address">Completes the commands of a fix; null for none.</param>
    public static ExitCode Print(Exception e, bool verbose, bool events, string? color = null, Func<string, string>? address = null)
    {
        if (e is JobLeftException)
        {
            return ExitCode.Cancelled;
        }

        if (e is OperationCanceledException)
        {
            Report("cancelled: nothing that was there before is changed", null, ExitCode.Cancelled, "", events, color);
            return ExitCode.Cancelled;
        }

        var code = e switch
        {
            UserError user => user.Code,
            Repository.RepositoryDamagedException => ExitCode.CheckFailed,
            _ => ExitCode.Failed,
        };
        Report(e.Message, FixOf(e) is { } fix ? address?.Invoke(fix) ?? fix : null, code, "error:", events, color);
        if (verbose)
        {
            Console.Error.WriteLine(e);
        }
        else if (e is not (UserError or ClusterException or Repository.RepositoryDamagedException or IOException))
        {
            Console.Error.WriteLine("  this is a bug; -v shows where");
        }

        return code;
    }

    private static string? FixOf(Exception e) => e switch
    {
        UserError user => user.Fix,
        ClusterException cluster => cluster.Fix,
        Repository.RepositoryDamagedException => "see what is hurt with: kubectl mlopsbackup verify data; another repository may have it whole",
        _ => null,
    };

    private static void Report(string message, string? fix, ExitCode code, string prefix, bool events, string? color)
    {
        TerminationMessage.Current.WriteFailure(message, fix, code);
        if (events)
        {
            JsonPrinter.WriteLine(
                Console.Out,
                new ProgressEvent { Type = "error", Time = DateTimeOffset.UtcNow, Message = message, Fix = fix, ExitCode = (int)code },
                ProgressJsonContext.Default.ProgressEvent);
            return;
        }

        var paint = new Paint(Terminal.Error(color).HasColor);
        Console.Error.WriteLine(prefix.Length > 0 ? $"{paint.Red(prefix)} {message}" : message);
        if (fix is not null)
        {
            Console.Error.WriteLine($"  {paint.Bold("fix:")} {fix}");
        }
    }
}
