using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.UnitTests.InCluster.Status;

namespace KubectlMlopsBackup.UnitTests.Commands;

public sealed class StatusTableTests
{
    private static readonly Terminal Pipe = new(false, false, true);

    private readonly StatusWorld world = new();

    [Fact]
    public void A_safe_platform_takes_one_screen()
    {
        Assert.StartsWith("SAFE: mlops in namespace mlops: a recovery would go back 10h\n", Text(Pipe), StringComparison.Ordinal);
        Assert.True(Text(Pipe).Split('\n').Length < 15);
        Assert.Contains("1.2 GiB ▁▃▇", Text(Pipe), StringComparison.Ordinal);
        Assert.Contains("40.0 GiB (80%)", Text(Pipe), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_line_says_the_worst()
    {
        world.CronJobs["postgres-backup"] = StatusWorld.Cron("postgres-backup", "0 2 * * *", StatusWorld.At(24, 2, 0), suspend: true);
        world.End("mlflow-artifacts-backup", StatusWorld.At(24, 10, 0), ExitCode.Failed, """{"error":"disk full","exitCode":1}""");

        Assert.StartsWith(
            "NOT SAFE: mlops in namespace mlops: artifacts: the last run was a failure 115m ago: disk full (and 1 more)\n", Text(Pipe), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_utf8_it_is_ascii()
    {
        Assert.True(Text(new Terminal(false, false)).All(char.IsAscii));
        Assert.Contains("1.2 GiB _-#", Text(new Terminal(false, false)), StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_for_terminals()
    {
        Assert.DoesNotContain('\u001b', Text(Pipe));
        Assert.StartsWith("\u001b[1m\u001b[32mSAFE", Text(new Terminal(true, true, true)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_pod_said_cannot_command_the_terminal()
    {
        world.End("postgres-backup", StatusWorld.At(24, 10, 0), ExitCode.Failed, """{"error":"\u001b[2Jgone","exitCode":1}""");

        Assert.DoesNotContain('\u001b', Text(Pipe));
    }

    private string Text(Terminal terminal)
    {
        using var output = new StringWriter();
        new StatusTable(output, terminal, wide: false).Write(world.Report());
        return output.ToString();
    }
}
