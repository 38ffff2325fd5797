using System.Text.Json;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Reports;

namespace KubectlMlopsBackup.UnitTests.Recovery.Reports;

public sealed class ReportArchiveTests
{
    [Fact]
    public void A_report_is_packed_with_what_a_list_needs_and_comes_back()
    {
        var report = Reports.Passed();

        var packed = ReportArchive.Pack(report);

        Assert.Equal(("drill", "passed", "mlops-platform"), (packed.Head.Report, packed.Head.Verdict, packed.Head.Plan));
        Assert.Equal(report.Rto!.Seconds, packed.Head.Seconds);
        Assert.Equal(report.Point!.Snapshots.Select(s => s.Id), packed.Head.Snapshots);
        Assert.Equal(report.ToJson(), ReportArchive.Unpack(StoredReport.Decode(packed.Encode(), "reports/x"), "reports/x").ToJson());
    }

    [Fact]
    public void A_body_of_another_kind_is_not_taken_for_a_report()
    {
        var packed = ReportArchive.Pack(Reports.Passed());

        Assert.Throws<RepositoryDamagedException>(() => ReportArchive.Unpack(packed with { Head = packed.Head with { Type = "text/html" } }, "reports/x"));
        Assert.Throws<RepositoryDamagedException>(() => ReportArchive.Unpack(packed with { Body = "{}"u8.ToArray() }, "reports/x"));
    }

    [Fact]
    public void A_run_that_came_to_no_end_is_listed_too()
    {
        var listed = ListedReport.Of(new ReportEntry(new string('a', 64), "reports/x", ReportArchive.Pack(Reports.Failed() with { Point = null }).Head), ["local"]);

        var json = JsonSerializer.Serialize([listed], ReportJson.Default.IReadOnlyListListedReport);

        Assert.Equal(listed.Id, Assert.Single(JsonSerializer.Deserialize(json, ReportJson.Default.IReadOnlyListListedReport)!).Id);
        Assert.Null(listed.Seconds);
        Assert.DoesNotContain("seconds", json, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_the_verdict_comes_first_and_nothing_of_others_commands_it()
    {
        var report = Reports.Failed() with { Plan = "a\u001b[2J" };
        using var text = new StringWriter();

        ReportText.Write(text, new Terminal(false, false), report, new string('e', 64));

        Assert.StartsWith("FAILED: Recovery drill of a", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("fix: check where the password comes from", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text.ToString());
    }
}
