using System.Diagnostics;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Action;

/// <summary>One issue for drills that fail, with a gh that notes what it is asked for.</summary>
public sealed class DrillIssueTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mlopsbackup-issue-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("failed", "", "issue create")]
    [InlineData("failed", "7", "issue comment 7")]
    [InlineData("done", "7", "issue close 7")]
    [InlineData("done", "", null)]
    public async Task A_failure_opens_one_or_adds_to_it_and_a_success_closes_it(string verdict, string open, string? asked)
    {
        var gh = Path.Combine(root, "gh");
        await File.WriteAllTextAsync(
            gh,
            $"""
            #!/bin/bash
            printf '%s\n' "$*" >>"{root}/asked"
            for ((i = 1; i <= $#; i++)); do if [[ ${"{!i}"} == --body-file ]]; then j=$((i + 1)); cat "${"{!j}"}" >"{root}/body"; fi; done
            if [[ "$1 $2" == 'issue list' ]]; then echo '{open}'; fi
            """,
            TestContext.Current.CancellationToken);
        File.SetUnixFileMode(gh, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var report = Path.Combine(root, "report.md");
        await File.WriteAllTextAsync(report, "# What happened\n" + new string('x', 100_000), TestContext.Current.CancellationToken);

        var start = new ProcessStartInfo(Path.Combine(CommandLine.Checkout(), ".github", "scripts", "drill-issue.sh"), [verdict, "https://example.org/run", report]);
        start.Environment["PATH"] = $"{root}:{start.Environment["PATH"]}";
        start.Environment["GITHUB_REPOSITORY"] = "owner/platform";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, process.ExitCode);
        var lines = await File.ReadAllLinesAsync(Path.Combine(root, "asked"), TestContext.Current.CancellationToken);
        Assert.All(lines, l => Assert.Contains("--repo owner/platform", l, StringComparison.Ordinal));
        string[] writes = [.. lines.Where(l => !l.StartsWith("issue list", StringComparison.Ordinal) && !l.StartsWith("label", StringComparison.Ordinal))];
        if (asked is null)
        {
            Assert.Empty(writes);
            return;
        }

        Assert.StartsWith(asked, Assert.Single(writes), StringComparison.Ordinal);
        if (verdict == "failed")
        {
            var body = await File.ReadAllTextAsync(Path.Combine(root, "body"), TestContext.Current.CancellationToken);
            Assert.Contains("Verdict: **failed**", body, StringComparison.Ordinal);
            Assert.Contains("# What happened", body, StringComparison.Ordinal);
            Assert.InRange(body.Length, 1, 65_536);
        }
    }
}
