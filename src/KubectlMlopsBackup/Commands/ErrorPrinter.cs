using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>Says what went wrong and what to do, and knows the exit code for it.</summary>
internal static class ErrorPrinter
{
    /// <param name="events">As a line of JSON on standard output, too: <see cref="OutputFormat.Events"/>.</param>
    public static ExitCode Print(Exception e, bool verbose, bool events)
    {
        if (e is JobLeftException)
        {
            return ExitCode.Cancelled;
        }

        if (e is OperationCanceledException)
        {
            Report("cancelled: nothing that was there before is changed", null, ExitCode.Cancelled, "", events);
            return ExitCode.Cancelled;
        }

        var fix = e switch
        {
            UserError user => user.Fix,
            ClusterException cluster => cluster.Fix,
            Repository.RepositoryDamagedException => "see what is hurt with: kubectl mlopsbackup verify data; another repository may have it whole",
            _ => null,
        };
        var code = e switch
        {
            UserError user => user.Code,
            Repository.RepositoryDamagedException => ExitCode.CheckFailed,
            _ => ExitCode.Failed,
        };
        Report(e.Message, fix, code, "error: ", events);
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

    private static void Report(string message, string? fix, ExitCode code, string prefix, bool events)
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

        Console.Error.WriteLine(prefix + message);
        if (fix is not null)
        {
            Console.Error.WriteLine($"  fix: {fix}");
        }
    }
}
