using System.CommandLine;

namespace KubectlMlopsBackup.Commands;

/// <summary>Options of the verbs that need the repositories only: in S3 they need no Job.</summary>
internal static class DirectOptions
{
    public static Option<bool> Direct { get; } = new("--direct")
    {
        Description = "Go to the installed plan's S3 repositories from this machine, with your own AWS credentials, instead of in a Job.",
    };

    public static Option<string> PassphraseFile { get; } = new("--passphrase-file")
    {
        Description = "With --direct: file of the passphrase. Default: the Secret that the plan names, if you may read it.",
        HelpName = "FILE",
    };

    /// <exception cref="UserError">The two contradict each other.</exception>
    public static bool Read(ParseResult parsed)
    {
        var direct = parsed.GetResult(Direct) is not null && parsed.GetValue(Direct);
        if (direct && parsed.GetValue(GlobalOptions.Local))
        {
            throw new UserError("--direct and --local cannot be used together", "with --local, the plan says where the repositories are", ExitCode.Usage);
        }

        return !direct && parsed.GetResult(PassphraseFile) is not null
            ? throw new UserError("--passphrase-file is for --direct", "in a Job, the passphrase comes from the plan's Secret", ExitCode.Usage)
            : direct;
    }
}
