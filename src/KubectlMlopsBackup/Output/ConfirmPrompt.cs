namespace KubectlMlopsBackup.Output;

/// <summary>Asks before something that cannot be undone.</summary>
/// <param name="interactive">A person can read the question and answer it.</param>
internal sealed class ConfirmPrompt(TextReader input, TextWriter error, bool interactive)
{
    public static ConfirmPrompt ForConsole() =>
        new(Console.In, Console.Error, !Console.IsInputRedirected && !Console.IsErrorRedirected);

    /// <summary>Returns if the answer is yes; any other answer, also none, is no.</summary>
    /// <param name="what">What will be done, such as "replace the database mlflow on db.example.com".</param>
    /// <param name="assumeYes">The value of <c>--yes</c>.</param>
    /// <exception cref="UserError">Nobody can be asked (<see cref="ExitCode.Usage"/>), or the answer was no (<see cref="ExitCode.Cancelled"/>).</exception>
    public async Task RequireAsync(string what, bool assumeYes, CancellationToken cancellationToken)
    {
        if (assumeYes)
        {
            return;
        }

        var shown = PlainText.Clean(what);
        if (!interactive)
        {
            throw new UserError($"this would {shown}, and nobody can be asked: standard input is no terminal", "add --yes if that is what you want", ExitCode.Usage);
        }

        await error.WriteAsync($"This will {shown}. Go on? [y/N] ".AsMemory(), cancellationToken).ConfigureAwait(false);
        await error.FlushAsync(cancellationToken).ConfigureAwait(false);

        // The console's own ReadLineAsync blocks its caller and hears no cancellation.
        var answer = await Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (answer?.Trim().ToLowerInvariant() is not ("y" or "yes"))
        {
            throw new UserError("not confirmed, nothing was changed", null, ExitCode.Cancelled);
        }
    }
}
