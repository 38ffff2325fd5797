namespace KubectlMlopsBackup.Commands;

/// <summary>Says on standard error what went wrong and what to do, and knows the exit code for it.</summary>
internal static class ErrorPrinter
{
    public static ExitCode Print(Exception e, bool verbose)
    {
        if (e is OperationCanceledException)
        {
            Console.Error.WriteLine("cancelled: nothing that was there before is changed");
            TerminationMessage.Current.WriteFailure("cancelled", null, ExitCode.Cancelled);
            return ExitCode.Cancelled;
        }

        Console.Error.WriteLine($"error: {e.Message}");
        switch (e)
        {
            case UserError { Fix: { } fix }:
                Console.Error.WriteLine($"  fix: {fix}");
                break;
            case Repository.RepositoryDamagedException:
                Console.Error.WriteLine("  fix: see what is hurt with: kubectl mlopsbackup verify data; another repository may have it whole");
                break;
        }

        if (verbose)
        {
            Console.Error.WriteLine(e);
        }
        else if (e is not (UserError or IOException))
        {
            Console.Error.WriteLine("  this is a bug; -v shows where");
        }

        var code = e switch
        {
            UserError user => user.Code,
            Repository.RepositoryDamagedException => ExitCode.CheckFailed,
            _ => ExitCode.Failed,
        };
        TerminationMessage.Current.WriteFailure(e.Message, (e as UserError)?.Fix, code);
        return code;
    }
}
