using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using KubectlMlopsBackup.Escrow;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>key escrow</c>: a sheet of paper that opens the repositories, and the proof, now and then, that it does.</summary>
internal static class KeyEscrowCommand
{
    private const int Tries = 3;

    private static readonly Option<string> To = new("--to")
    {
        Description = "Write the sheet into this file, which only you can read: a page to print if it ends in .html, else text.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Show = new("--show")
    {
        Description = "Print the sheet, with the passphrase, to standard output: mind who looks on, and what records it.",
    };

    private static readonly Option<bool> Confirm = new("--confirm")
    {
        Description = "Make no sheet: ask for the recovery passphrase of the one that you keep, prove that it opens the repositories, and record that.",
    };

    public static Command Create() => Verb.Create(
        "escrow",
        "A recovery sheet with a passphrase of its own, to be kept outside of the cluster: text and QR code.",
        [To, Show, Confirm, SelectionOptions.Repository, DirectOptions.Direct, DirectOptions.PassphraseFile],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        context.RequireHere("key escrow", hasDirect: true);
        var file = parsed.GetValue(To);
        var show = parsed.GetValue(Show);
        var confirm = parsed.GetValue(Confirm);
        if (confirm == (file is not null || show))
        {
            throw new UserError(
                confirm ? "--confirm makes no sheet" : "nobody says where the sheet is to go",
                confirm ? "leave --confirm out, or --to and --show" : "give --to FILE, or --show; or --confirm, to prove the one that you keep",
                ExitCode.Usage);
        }

        var escrow = new LocalEscrow(await context.PlanAsync(cancellationToken), parsed.GetValue(SelectionOptions.Repository));
        if (confirm)
        {
            await TellAsync(escrow, await AskAsync("Recovery passphrase, from the sheet (it is not shown): ", hidden: true, cancellationToken), cancellationToken);
            return ExitCode.Done;
        }

        var sheet = await escrow.CreateAsync(s => KeepAsync(s, file, show, cancellationToken), cancellationToken);
        foreach (var repository in sheet.Repositories)
        {
            await Console.Error.WriteLineAsync($"key/{repository.KeyId} added to {repository.Name}");
        }

        if (file is not null)
        {
            await Console.Error.WriteLineAsync($"{file} written. Print it, keep it outside of the cluster, and delete the file.");
        }

        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            await Console.Error.WriteLineAsync("Not confirmed yet. Once it is where it is to be kept: kubectl mlopsbackup key escrow --confirm, with --local or --direct as now");
            return ExitCode.Done;
        }

        await TypeBackAsync(sheet, cancellationToken);
        await TellAsync(escrow, sheet.Passphrase, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task KeepAsync(RecoverySheet sheet, string? file, bool show, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            try
            {
                await using var stream = new FileStream(file, options);
                var text = file.EndsWith(".html", StringComparison.OrdinalIgnoreCase) ? sheet.Html() : sheet.Text();
                await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
                stream.Flush(flushToDisk: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UserError($"--to {file}: {e.Message}", "name a file that is not there yet, in a folder that you may write to", ExitCode.Usage, e);
            }
        }

        if (show)
        {
            await Console.Out.WriteAsync(sheet.Text());
        }
    }

    /// <summary>Whoever can type two groups has the sheet in hand, and not only a file somewhere.</summary>
    /// <exception cref="UserError">Nobody could: the key stays, and may be confirmed later.</exception>
    private static async Task TypeBackAsync(RecoverySheet sheet, CancellationToken cancellationToken)
    {
        var first = RandomNumberGenerator.GetInt32(1, RecoveryPassphrase.Groups);
        var second = RandomNumberGenerator.GetInt32(first + 1, RecoveryPassphrase.Groups + 1);
        var wanted = $"{RecoveryPassphrase.Group(sheet.Passphrase, first)}-{RecoveryPassphrase.Group(sheet.Passphrase, second)}";
        for (var i = 0; i < Tries; i++)
        {
            var typed = await AskAsync($"To confirm that you have it, type groups {first} and {second} of the recovery passphrase: ", hidden: false, cancellationToken);
            if (RecoveryPassphrase.Normalize(typed) == wanted)
            {
                return;
            }

            await Console.Error.WriteLineAsync("That is not what the sheet says.");
        }

        throw new UserError("not confirmed", "when you have the sheet: kubectl mlopsbackup key escrow --confirm, with --local or --direct as now", ExitCode.Cancelled);
    }

    private static async Task TellAsync(LocalEscrow escrow, string passphrase, CancellationToken cancellationToken)
    {
        foreach (var (repository, key) in await escrow.ConfirmAsync(passphrase, cancellationToken))
        {
            Console.Out.WriteLine($"confirmed: key/{key} opens {repository}");
        }
    }

    /// <exception cref="UserError">Nobody answered.</exception>
    private static async Task<string> AskAsync(string question, bool hidden, CancellationToken cancellationToken)
    {
        var interactive = !Console.IsInputRedirected;
        if (interactive)
        {
            await Console.Error.WriteAsync(question);
        }

        var answer = await Task.Run(() => interactive && hidden ? ReadHidden() : Console.In.ReadLine(), CancellationToken.None).WaitAsync(cancellationToken);
        return string.IsNullOrWhiteSpace(answer)
            ? throw new UserError("no passphrase was given", "type the one of the sheet, or send it to standard input", ExitCode.Usage)
            : answer;
    }

    private static string ReadHidden()
    {
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return text.ToString();
    }
}
