using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.Commands.Help;
using KubectlMlopsBackup.Commands.Next;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Commands.Next;

public sealed class NextStepsTests
{
    private static readonly Terminal Screen = new(IsTerminal: true, HasColor: false);

    [Fact]
    public void What_is_next_can_be_typed_after_every_example_however_it_ends()
    {
        var root = CommandTree.Create();
        var lines = HelpTopics.Examples.SelectMany(e => e.Value).Select(e => e.Line.Split(" > ")[0]).Where(l => l.Length > 0).Distinct().ToList();
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            var run = new RunLine(root.Parse(Words(line)));
            foreach (var code in Enum.GetValues<ExitCode>())
            {
                if (NextSteps.After(run.Verb, code, run) is { } next)
                {
                    var typed = next.Line + run.Place(next, "mlops");
                    var parsed = root.Parse(Words(typed));
                    Assert.True(parsed.Errors.Count == 0 && parsed.UnmatchedTokens.Count == 0, $"{line} ({code}): {typed}: {string.Join("; ", parsed.Errors.Select(e => e.Message))}");
                }
            }
        }
    }

    [Theory]
    [InlineData("init", ExitCode.Done, "install --init")]
    [InlineData("init --local", ExitCode.Done, "init --repositories")]
    [InlineData("install", ExitCode.Done, "init --repositories")]
    [InlineData("install --init", ExitCode.Done, "backup all")]
    [InlineData("install --init", ExitCode.NoRepository, "s3 setup")]
    [InlineData("install --diff", ExitCode.Incomplete, "install")]
    [InlineData("install --init --dry-run=server", ExitCode.Done, "install --init")]
    [InlineData("backup all", ExitCode.Done, "status")]
    [InlineData("backup all --no-wait", ExitCode.Done, "logs -f")]
    [InlineData("backup all", ExitCode.NoRepository, "init --repositories")]
    [InlineData("backup all", ExitCode.Failed, "doctor")]
    [InlineData("backup all", ExitCode.Locked, "logs -f")]
    [InlineData("status", ExitCode.CheckFailed, "doctor")]
    [InlineData("restore all --from latest --dry-run", ExitCode.CheckFailed, "restore all --from=latest")]
    [InlineData("restore artifacts --include 3/** --dry-run", ExitCode.CheckFailed, "restore artifacts '--include=3/**'")]
    [InlineData("restore all --dry-run", ExitCode.Done, "status")]
    [InlineData("restore config --dry-run", ExitCode.Done, "restore config")]
    [InlineData("restore all", ExitCode.Done, "verify platform")]
    [InlineData("verify structure", ExitCode.Done, "verify data")]
    [InlineData("verify data", ExitCode.CheckFailed, "list --recovery-points")]
    [InlineData("prune --dry-run", ExitCode.Done, "prune")]
    [InlineData("doctor", ExitCode.CheckFailed, "doctor --bundle ticket.tar.gz")]
    public void Every_end_leads_on(string line, object code, string next)
    {
        var run = Run(line);

        Assert.Equal(next, NextSteps.After(run.Verb, (ExitCode)code, run)?.Line);
    }

    /// <summary>What was wrong is said by its message; a script has nothing after it.</summary>
    [Theory]
    [InlineData("backup all", ExitCode.Usage)]
    [InlineData("backup all", ExitCode.Cancelled)]
    [InlineData("completion bash", ExitCode.Done)]
    [InlineData("render", ExitCode.Done)]
    [InlineData("restore postgres --to-database look", ExitCode.Done)]
    [InlineData("doctor", ExitCode.Failed)]
    public void Where_nothing_helps_nothing_is_said(string line, object code)
    {
        var run = Run(line);

        Assert.Null(NextSteps.After(run.Verb, (ExitCode)code, run));
    }

    [Theory]
    [InlineData("backup all -n mlops", null, " -n mlops")]
    [InlineData("backup all", "mlops", " -n mlops")]
    [InlineData("backup all --local -f my.yaml", "mlops", " -f my.yaml --local")]
    [InlineData("backup all -f my.yaml --context prod", null, " --context prod")]
    [InlineData("backup all --kubeconfig /tmp/k8s/admin.conf -n mlops", null, " --kubeconfig /tmp/k8s/admin.conf -n mlops")]
    public void The_next_command_works_in_the_same_place(string line, string? ns, string place) =>
        Assert.Equal(place, Run(line).Place(new NextStep("status", ""), ns));

    [Fact]
    public void An_installation_has_the_plan_from_its_file() =>
        Assert.Equal(" -f my.yaml -n mlops", Run("init -f my.yaml").Place(new NextStep("install --init", ""), "mlops"));

    [Theory]
    [InlineData("mlops-backups/prod", "mlops-backups/prod")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(rm -r /)", "'$(rm -r /)'")]
    public void A_shell_reads_a_word_as_it_is(string word, string typed) => Assert.Equal(typed, ShellWord.Of(word));

    [Theory]
    [InlineData("backup all", true)]
    [InlineData("backup all -o wide", true)]
    [InlineData("backup all -o json", false)]
    [InlineData("backup all -o name", false)]
    [InlineData("backup all -o events", false)]
    [InlineData("backup all -q", false)]
    public void Only_people_are_told(string line, bool wanted)
    {
        var parsed = CommandTree.Create().Parse(Words(line));
        var format = OutputFormats.Parse(parsed.GetValue(GlobalOptions.Output));

        Assert.Equal(wanted, NextPrinter.IsWanted(parsed, format, Screen));
        Assert.False(NextPrinter.IsWanted(parsed, format, new Terminal(IsTerminal: false, HasColor: false)));
    }

    [Fact]
    public void The_command_has_a_line_of_its_own()
    {
        using var output = new StringWriter();

        NextPrinter.Write(output, Screen, Run("backup all"), new NextStep("status", "are we safe?"), "mlops");
        NextPrinter.Write(output, Screen, Run("render"), null, "mlops");

        Assert.Equal("\nnext: are we safe?\n  kubectl mlopsbackup status -n mlops\n", output.ToString());
    }

    private static RunLine Run(string line) => new(CommandTree.Create().Parse(Words(line)));

    /// <summary>As a shell reads them: no word here has a space in it.</summary>
    private static string[] Words(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Replace("'", "", StringComparison.Ordinal))];
}
