using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using KubectlMlopsBackup.Recovery.Reports;

namespace KubectlMlopsBackup.UnitTests.Recovery.Reports;

public sealed partial class ReportRendererTests
{
    private const string Hostile = "</td></section><script>alert('x')</script>\"'><img src=x onerror=alert(1)>|`code`[a](http://evil)\u001b[2J\u202E@everyone";

    [Fact]
    public void A_report_comes_back_from_json_as_it_was()
    {
        var report = Reports.Passed();

        var again = RecoveryReport.FromJson(report.ToJson());

        Assert.Equal(Encoding.UTF8.GetString(report.ToJson()), Encoding.UTF8.GetString(again.ToJson()));
        Assert.Equal(ReportVerdict.Passed, again.Verdict);
        Assert.Contains("\"verdict\":\"passed\"", Encoding.UTF8.GetString(report.ToJson()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"version":1,"kind":"drill","verdict":"passed","plan":null}""")]
    public void What_is_no_report_is_refused(string json) =>
        Assert.Throws<InvalidDataException>(() => RecoveryReport.FromJson(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_report_of_a_newer_version_is_refused() => Assert.Contains(
        "newer version",
        Assert.Throws<UserError>(() => RecoveryReport.FromJson((Reports.Passed() with { Version = 99 }).ToJson())).Fix,
        StringComparison.Ordinal);

    [Fact]
    public void The_page_says_its_verdict_in_its_title_and_in_its_largest_letters()
    {
        var html = Html(Reports.Passed());

        Assert.Contains("<title>Passed: Recovery drill of mlops-platform", html, StringComparison.Ordinal);
        Assert.Contains("<h1>Passed</h1>", html, StringComparison.Ordinal);
        Assert.Contains("The platform came back in 1m35s, 3h of work lost.", html, StringComparison.Ordinal);
        Assert.Contains(new string('a', 60) + "d784", html, StringComparison.Ordinal);
        Assert.Contains("class=\"verdict good\"", html, StringComparison.Ordinal);
        Assert.Contains("class=\"verdict bad\"", Html(Reports.Failed()), StringComparison.Ordinal);
        Assert.Contains("class=\"verdict fair\"", Html(Reports.Long()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_loads_nothing_and_runs_nothing()
    {
        var html = Html(Reports.Passed());

        Assert.DoesNotMatch(Loads(), html);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_others_are_never_markup_in_html()
    {
        var html = Html(Poisoned());
        // The attributes of elements that the template itself has, and no others.
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u001b', html);
        Assert.DoesNotContain('\u202E', html);
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.Equal(Elements(Html(Reports.Passed())), Elements(html));
    }

    [Fact]
    public void Names_of_others_are_never_markup_in_markdown()
    {
        var text = Text(Poisoned(), ReportFormat.Markdown);

        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("](http", text, StringComparison.Ordinal);
        Assert.DoesNotContain("`code`", text, StringComparison.Ordinal);
        Assert.DoesNotContain("@everyone", text, StringComparison.Ordinal);
        // A cell more, and every row's cells would be another column's.
        var rows = text.Split('\n').Where(l => l.StartsWith("| ✅", StringComparison.Ordinal)).ToList();
        Assert.Equal(Reports.Passed().Steps.Count + Reports.Passed().Checks.Count + Reports.Passed().Counts.Count, rows.Count);
        Assert.All(rows, r => Assert.Equal(5, r.Count(c => c == '|')));
    }

    [Fact]
    public void Markdown_begins_with_the_verdict()
    {
        Assert.StartsWith("## ✅ Recovery drill of mlops-platform: Passed\n", Text(Reports.Passed(), ReportFormat.Markdown), StringComparison.Ordinal);
        Assert.StartsWith("## ❌ Recovery drill of mlops-platform: Failed\n", Text(Reports.Failed(), ReportFormat.Markdown), StringComparison.Ordinal);
        Assert.Contains("| RTO, time to come back | 1m35s | 4h | ✅ met |", Text(Reports.Passed(), ReportFormat.Markdown), StringComparison.Ordinal);
    }

    [Fact]
    public void Junit_has_a_case_for_each_step_check_count_and_target()
    {
        var suite = XDocument.Parse(Text(Reports.Failed(), ReportFormat.JUnit)).Root!.Element("testsuite")!;

        Assert.Equal(4 + 3 + 2 + 1 + 1, suite.Elements("testcase").Count());
        Assert.Equal(suite.Elements("testcase").Count(), int.Parse(suite.Attribute("tests")!.Value, CultureInfo.InvariantCulture));
        // One step, three checks, two counts, the run itself.
        Assert.Equal("7", suite.Attribute("failures")!.Value);
        Assert.Equal(7, suite.Descendants("failure").Count());
        Assert.Equal("2", suite.Attribute("skipped")!.Value);
        Assert.Equal("0", XDocument.Parse(Text(Reports.Passed(), ReportFormat.JUnit)).Root!.Element("testsuite")!.Attribute("failures")!.Value);
    }

    [Fact]
    public void Junit_is_xml_whatever_is_in_it() => Assert.Contains(
        "<script>alert('x')</script>",
        XDocument.Parse(Text(Poisoned(), ReportFormat.JUnit)).Descendants("testcase").First().Attribute("name")!.Value,
        StringComparison.Ordinal);

    [Fact]
    public void A_bar_lies_where_its_step_was()
    {
        var html = Html(Reports.Passed());
        // restore postgres: begins after 24.3 s and takes 24.6 s of 95.1 s.
        Assert.Contains("left: 25.552%; width: 25.868%", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_report_is_written_too()
    {
        var report = Reports.Passed() with
        {
            Steps = [.. Enumerable.Range(0, 5000).Select(i => new ReportStep { Name = $"{i}", Started = DateTimeOffset.MinValue, Seconds = double.MaxValue, Outcome = StepOutcome.Done })],
            Rto = new Measure(0, 0),
            Rpo = new Measure(-1e300, 1e300),
            Warnings = [.. Enumerable.Range(0, 5000).Select(i => $"{i}")],
        };

        foreach (var format in Enum.GetValues<ReportFormat>())
        {
            Assert.NotEmpty(Text(report, format));
        }
    }

    /// <summary>To look at them: the name of a folder in MLOPSBACKUP_REPORTS, and they are written into it.</summary>
    [Theory]
    [InlineData("passed")]
    [InlineData("failed")]
    [InlineData("long")]
    public void Every_sample_is_whole(string name)
    {
        var report = name switch { "passed" => Reports.Passed(), "failed" => Reports.Failed(), _ => Reports.Long() };
        var html = Html(report);

        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
        Assert.All(report.Steps, s => Assert.Contains(ReportRenderer.Html(s.Name), html, StringComparison.Ordinal));
        Assert.All(report.Checks, c => Assert.Contains(ReportRenderer.Html(c.Evidence), html, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("MLOPSBACKUP_REPORTS") is { } folder)
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.html"), html);
            File.WriteAllText(Path.Combine(folder, $"{name}.md"), Text(report, ReportFormat.Markdown));
            File.WriteAllText(Path.Combine(folder, $"{name}.xml"), Text(report, ReportFormat.JUnit));
        }
    }

    private static RecoveryReport Poisoned()
    {
        var report = Reports.Passed();
        return report with
        {
            Plan = Hostile,
            Target = Hostile,
            Steps = [.. report.Steps.Select(s => s with { Name = Hostile, Detail = Hostile })],
            Checks = [.. report.Checks.Select(c => c with { Name = Hostile, Kind = Hostile, Evidence = Hostile })],
            Counts = [.. report.Counts.Select(c => c with { Name = Hostile })],
            Versions = new ReportVersions(Hostile, Hostile, Hostile, Hostile),
            Point = report.Point! with { Id = Hostile, Repository = Hostile, Snapshots = [.. report.Point.Snapshots.Select(s => s with { Id = Hostile, Component = Hostile })] },
        };
    }

    private static string Html(RecoveryReport report) => Text(report, ReportFormat.Html);

    private static string Text(RecoveryReport report, ReportFormat format) => ReportRenderer.Render(report, format, new string('e', 64));

    /// <summary>The elements of a page, in order.</summary>
    private static List<string> Elements(string html) => [.. Tag().Matches(html).Select(m => m.Value)];

    [GeneratedRegex("<[a-zA-Z/][a-zA-Z0-9]*")]
    private static partial Regex Tag();

    [GeneratedRegex("<script|<link|<img|<iframe|src=|href=|url\\(|@import|http-equiv=\"refresh\"|\\son[a-z]+=", RegexOptions.IgnoreCase)]
    private static partial Regex Loads();
}
