using System.Text;
using System.Xml.Linq;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Recovery.Reports;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

public sealed class ReportTests
{
    [Fact]
    public async Task A_report_is_stored_compared_shown_mirrored_and_verified()
    {
        using var tree = new SlowTree(files: 3, seed: 11);
        await tree.DoneAsync("init", "--repositories");
        await tree.DoneAsync("backup");
        Assert.Contains("there is no report yet", (await tree.RunAsync("report", "show")).Expect(ExitCode.Usage).Error, StringComparison.Ordinal);

        var first = await SaveAsync(tree, Report(new DateTimeOffset(2026, 8, 1, 5, 0, 0, TimeSpan.Zero), 100));
        var second = await SaveAsync(tree, Report(new DateTimeOffset(2026, 11, 1, 5, 0, 0, TimeSpan.Zero), 150));

        Assert.Empty(first.Report.Past);
        Assert.Equal([first.Id], second.Report.Past.Select(p => p.Report));
        var listed = (await tree.DoneAsync("report", "list", "-o", "json")).Json.EnumerateArray().ToList();
        Assert.Equal([first.Id, second.Id], listed.Select(r => r.GetProperty("id").GetString()));
        Assert.Equal("passed", listed[0].GetProperty("verdict").GetString());

        var shown = (await tree.DoneAsync("report", "show")).Output;
        Assert.StartsWith("PASSED: Recovery drill of", shown, StringComparison.Ordinal);
        Assert.Contains("50% slower than the last one that passed", shown, StringComparison.Ordinal);
        Assert.Equal(first.Report.Plan, (await tree.DoneAsync("report", "show", first.Id[..8], "-o", "json")).Json.GetProperty("plan").GetString());
        var page = Path.Combine(tree.Root, "drill.html");
        await tree.DoneAsync("report", "show", "latest", "--file", page);
        Assert.Contains("<h1>Passed</h1>", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.StartsWith("## ✅ Recovery drill", (await tree.DoneAsync("report", "show", "--format", "md")).Output, StringComparison.Ordinal);
        Assert.Equal("testsuites", XDocument.Parse((await tree.DoneAsync("report", "show", "--format", "junit")).Output).Root!.Name.LocalName);
        (await tree.RunAsync("report", "show", "latest", "--file", page)).Expect(ExitCode.Usage).Says("exists");
        (await tree.RunAsync("report", "show", "deadbeef")).Expect(ExitCode.Usage).SaysWithFix("no report deadbeef");

        Assert.Equal(2, (await tree.DoneAsync("verify", "structure", "-o", "json")).Json[0].GetProperty("reports").GetInt32());
        await tree.DoneAsync("prune");
        Assert.Equal(2, (await tree.DoneAsync("report", "list", "-o", "json")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_report_that_was_changed_is_a_blemish_and_hides_no_other()
    {
        using var tree = new SlowTree(files: 3, seed: 12);
        await tree.DoneAsync("init", "--repositories");
        await tree.DoneAsync("backup");
        await SaveAsync(tree, Report(new DateTimeOffset(2026, 8, 1, 5, 0, 0, TimeSpan.Zero), 100));
        var changed = Directory.GetFiles(Path.Combine(tree.Repository, "reports")).Single();
        await SaveAsync(tree, Report(new DateTimeOffset(2026, 11, 1, 5, 0, 0, TimeSpan.Zero), 150));
        var bytes = await File.ReadAllBytesAsync(changed, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(changed, bytes, TestContext.Current.CancellationToken);

        var list = (await tree.RunAsync("report", "list", "-o", "json")).Expect(ExitCode.CheckFailed).Says(Path.GetFileName(changed));
        Assert.Equal(1, list.Json.GetArrayLength());
        Assert.Contains("blemished", (await tree.RunAsync("verify", "structure")).Expect(ExitCode.CheckFailed).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_report_is_not_stored()
    {
        using var tree = new SlowTree(files: 1, seed: 13);
        await tree.DoneAsync("init", "--repositories");

        (await SaveAsync(tree, "{}", 2)).Expect(ExitCode.Failed);
        (await SaveAsync(tree, "{}", 100)).Expect(ExitCode.Usage).Says("shorter");

        Assert.False(Directory.Exists(Path.Combine(tree.Repository, "reports")));
    }

    private static async Task<SavedReport> SaveAsync(SlowTree tree, RecoveryReport report)
    {
        var json = Encoding.UTF8.GetString(report.ToJson());
        var saved = (await SaveAsync(tree, json, Encoding.UTF8.GetByteCount(json))).Expect(ExitCode.Done);
        return System.Text.Json.JsonSerializer.Deserialize(saved.OutputBytes, ReportJson.Default.SavedReport)!;
    }

    private static Task<CliResult> SaveAsync(SlowTree tree, string json, int size) =>
        CommandLine.RunAsync(["report", "save", "--size", $"{size}", "--local", "--plan", tree.PlanFile], folder: tree.Root, input: json);

    private static RecoveryReport Report(DateTimeOffset started, double seconds) => ReportJudge.Judge(new RecoveryReport
    {
        Kind = ReportKind.Drill,
        Verdict = ReportVerdict.Failed,
        Plan = "platform",
        Target = "namespace dr-test",
        Started = started,
        Finished = started.AddSeconds(seconds),
        Rpo = new Measure(3600, 86_400),
        Rto = new Measure(seconds, 14_400),
        Steps = [new ReportStep { Name = "restore", Started = started, Seconds = seconds, Outcome = StepOutcome.Done }],
        Checks = [new CheckResult { Name = "pods", Kind = "pods", Outcome = CheckOutcome.Passed, Evidence = "all 3 pods are ready" }],
        Versions = new ReportVersions("0.0.0-test"),
    });
}
