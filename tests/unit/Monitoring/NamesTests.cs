using System.Text.RegularExpressions;
using KubectlMlopsBackup.Monitoring;

namespace KubectlMlopsBackup.UnitTests.Monitoring;

/// <summary>Alerts and the dashboard ask for nothing that the exporter does not have.</summary>
public sealed partial class NamesTests
{
    private static readonly HashSet<string> Known = [.. Metrics.All.Select(m => m.Name)];

    [Fact]
    public void Every_metric_of_the_alerts_is_one_of_the_exporters() =>
        Assert.All(AlertRules.Of("mlops"), r => Assert.All(Names(r.Expression), n => Assert.Contains(n, Known)));

    [Fact]
    public void Every_metric_of_the_dashboard_is_one_of_the_exporters()
    {
        var names = Names(Dashboard.Build().ToJsonString());

        Assert.True(names.Count > 20);
        Assert.All(names, n => Assert.Contains(n, Known));
    }

    [Fact]
    public void The_dashboard_has_panels_that_do_not_overlap_and_a_choice_of_the_data_source()
    {
        var board = Dashboard.Build();
        var taken = new HashSet<(int, int)>();
        foreach (var panel in board["panels"]!.AsArray())
        {
            var at = panel!["gridPos"]!;
            var (x, y, w, h) = (at["x"]!.GetValue<int>(), at["y"]!.GetValue<int>(), at["w"]!.GetValue<int>(), at["h"]!.GetValue<int>());
            Assert.InRange(x + w, 1, 24);
            for (var i = 0; i < w * h; i++)
            {
                Assert.True(taken.Add((x + (i % w), y + (i / w))), panel["title"]!.GetValue<string>());
            }

            Assert.All(panel["targets"]!.AsArray(), t => Assert.Equal("${datasource}", t!["datasource"]!["uid"]!.GetValue<string>()));
        }

        Assert.Contains(board["templating"]!["list"]!.AsArray(), v => v!["type"]!.GetValue<string>() == "datasource");
    }

    [Fact]
    public void What_the_dashboard_shows_of_now_is_no_last_value_of_two_weeks_and_says_so_where_there_is_none()
    {
        var now = Dashboard.Build()["panels"]!.AsArray().Where(p => p!["type"]!.GetValue<string>() is "stat" or "table").ToList();

        Assert.True(now.Count > 10);
        Assert.All(now, p => Assert.True(p!["fieldConfig"]!["defaults"]!["noValue"]!.GetValue<string>().Length > 0));
        Assert.All(now.SelectMany(p => p!["targets"]!.AsArray()), t => Assert.True(t!["instant"]!.GetValue<bool>() && !t["range"]!.GetValue<bool>()));
    }

    [Fact]
    public void The_dashboard_names_every_series_itself_and_asks_for_each_within_the_window_of_the_choice()
    {
        var targets = Dashboard.Build()["panels"]!.AsArray().SelectMany(p => p!["targets"]!.AsArray()).ToList();

        Assert.All(targets, t => Assert.True(t!["legendFormat"]!.GetValue<string>().Length > 0));
        Assert.All(targets, t => Assert.Contains("[$seen]", t!["expr"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.All(targets, t => Assert.Contains("{plan=~\"$plan\"", t!["expr"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    public void The_dashboard_has_a_row_for_each_plan()
    {
        var rows = Dashboard.Build()["panels"]!.AsArray().Where(p => p!["type"]!.GetValue<string>() == "row").ToList();

        Assert.Equal(["$plan", "$plan: trends"], rows.Select(r => r!["title"]!.GetValue<string>()));
        Assert.All(rows, r => Assert.Equal("plan", r!["repeat"]!.GetValue<string>()));
    }

    [Fact]
    public void Every_alert_has_a_name_of_its_own_and_a_sane_severity()
    {
        var rules = AlertRules.Of("mlops");

        Assert.Equal(rules.Count, rules.Select(r => r.Name).Distinct().Count());
        Assert.All(rules, r => Assert.True(r.Severity is "critical" or "warning" && r.Summary.Length > 10 && r.Description.Length > 10, r.Name));
        Assert.All(rules, r => Assert.DoesNotContain("{plan=}", r.Expression, StringComparison.Ordinal));
    }

    private static List<string> Names(string text) => [.. Name().Matches(text).Select(m => m.Value).Distinct()];

    [GeneratedRegex("mlopsbackup_[a-z_]+")]
    private static partial Regex Name();
}
