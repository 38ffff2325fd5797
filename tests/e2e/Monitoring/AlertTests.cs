using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Monitoring;

/// <summary>The rules as the binary prints them, on time series, by Prometheus' own promtool.</summary>
public sealed class AlertTests
{
    private const long Day = 86_400;
    private const long GiB = 1L << 30;

    private const string Plan = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops, namespace: mlops}
        spec:
          artifacts: {volume: {claimName: artifacts}}
          repositories: [{name: local, volume: {}}]
          encryption: {none: true}
        """;

    private const string PushingPlan = Plan + """

          monitoring: {push: [{name: cloud, kind: otlp, url: "https://otlp.example.com"}]}
        """;

    /// <summary>With all that a month brings.</summary>
    private const int QuietDays = 45;

    private const string NothingPushed = "MlopsBackupNothingPushed";

    /// <summary>Alert, what is spoilt on day 20 and stays so, the days until it must have fired.</summary>
    private static readonly (string Alert, string Series, string? Label, double? Value, int By)[] Faults =
    [
        ("MlopsBackupFailed", "run_exit_code", "job_kind=\"postgres\"", 1, 21),
        ("MlopsBackupIncomplete", "run_exit_code", "job_kind=\"artifacts\"", 3, 21),
        ("MlopsBackupDamaged", "run_exit_code", "job_kind=\"verify\"", 4, 21),
        ("MlopsBackupStale", "component_last_success_timestamp_seconds", "component=\"postgres\"", 19 * Day, 21),
        ("MlopsBackupNeverSucceeded", "component_last_success_timestamp_seconds", "component=\"artifacts\"", 0, 22),
        ("MlopsBackupPointStale", "repository_recovery_point_timestamp_seconds", "repository=\"offsite\"", 18 * Day, 21),
        ("MlopsBackupPointMissing", "repository_recovery_point_timestamp_seconds", "repository=\"offsite\"", 0, 22),
        ("MlopsBackupJobWaiting", "run_waiting", "job_kind=\"postgres\"", 1, 21),
        ("MlopsBackupScheduleDeleted", "schedule_present", "schedule=\"postgres-backup\"", 0, 21),
        ("MlopsBackupScheduleSuspended", "schedule_suspended", "schedule=\"postgres-backup\"", 1, 21),
        ("MlopsBackupScheduleMissed", "schedule_missed", "schedule=\"postgres-backup\"", 1, 21),
        ("MlopsBackupShrunk", "component_size_bytes", "component=\"postgres\"", 0.5 * GiB, 21),
        ("MlopsBackupGrown", "component_size_bytes", "component=\"postgres\"", 9.0 * GiB, 21),
        ("MlopsBackupNotVerified", "component_verified_timestamp_seconds", "component=\"postgres\"", 14 * Day, 30),
        ("MlopsBackupPruneNotRunning", "prune_last_success_timestamp_seconds", null, 19 * Day, 24),
        ("MlopsBackupVolumeFilling", "repository_free_bytes", "repository=\"local\"", 30 * GiB, 21),
        ("MlopsBackupVolumeFull", "repository_free_bytes", "repository=\"local\"", 2 * GiB, 21),
        ("MlopsBackupRepositoryUnreadable", "repository_readable", "repository=\"offsite\"", 0, 21),
        ("MlopsBackupRepositoryDamaged", "repository_damaged_objects", "repository=\"local\"", 2, 21),
        ("MlopsBackupArtifactsMissing", "repository_missing_artifacts", "repository=\"offsite\"", 3, 21),
        ("MlopsBackupDrillFailed", "drill_success", null, 0, 21),
        ("MlopsBackupDrillOverdue", "drill_overdue", null, 1, 21),
        ("MlopsBackupRtoMissed", "drill_duration_seconds", null, 20_000, 21),
        ("MlopsBackupCredentialsExpiring", "credential_expiry_timestamp_seconds", "credential=\"s3-keys/offsite\"", 30 * Day, 21),
        ("MlopsBackupExporterDown", "exporter_refresh_timestamp_seconds", null, null, 21),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quiet_year_raises_no_alert()
    {
        using var folder = await WorldAsync();

        await folder.TestAsync([new AlertCase("a quiet year", new QuietYear().Write(QuietYear.Days, restarts: true), "ALERTS{alertstate=\"firing\"}", QuietYear.Days, Fires: false)]);
    }

    [Fact]
    public async Task Each_alert_fires_when_it_must_and_not_before()
    {
        using var folder = await WorldAsync();

        await folder.TestAsync(Faults.Select(f => new AlertCase(
            f.Alert,
            new QuietYear().Spoil(f.Series, f.Label, t => t < 20 * Day, f.Value).Write(f.By, restarts: false),
            $"ALERTS{{alertname=\"{f.Alert}\",alertstate=\"firing\"}}",
            f.By,
            Fires: true)));
    }

    [Fact]
    public async Task Figures_that_are_pushed_once_a_night_raise_the_same_alerts_and_no_others()
    {
        using var folder = await AlertFolder.CreateAsync(PushingPlan);
        var alerts = (await File.ReadAllLinesAsync(folder.Rules, Token)).Where(l => l.TrimStart().StartsWith("- alert: ", StringComparison.Ordinal)).Select(l => l.Split(": ")[1].Trim('"')).ToList();
        var faults = Faults.Where(f => alerts.Contains(f.Alert)).ToList();
        // One of each way to ask: a code, an age, an age against an interval, a figure against another, a moment to come. The whole year would take minutes.
        string[] tried = ["MlopsBackupFailed", "MlopsBackupStale", "MlopsBackupNotVerified", "MlopsBackupVolumeFull", "MlopsBackupCredentialsExpiring"];
        var cases = faults.Where(f => tried.Contains(f.Alert)).Select(f => Fires(f.Alert, new QuietYear().Spoil(f.Series, f.Label, t => t < 20 * Day, f.Value), f.By + 1))
            .Append(Fires(NothingPushed, new QuietYear().Until(20 * Day), 23))
            .Append(new AlertCase("a quiet time", new QuietYear().Pushed().Write(QuietDays, restarts: false), "ALERTS{alertstate=\"firing\"}", QuietDays, Fires: false));

        // Not the four of schedules and waiting Jobs, nor that of the exporter.
        Assert.Equal(Faults.Length - 5, faults.Count);
        Assert.Equal([.. faults.Select(f => f.Alert), NothingPushed], alerts);
        await folder.TestAsync(cases);
        static AlertCase Fires(string alert, QuietYear year, int by) =>
            new(alert, year.Pushed().Write(by, restarts: false), $"ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}}", by, Fires: true);
    }

    [Fact]
    public async Task Every_alert_has_a_test_and_a_section_that_its_link_leads_to()
    {
        using var folder = await WorldAsync();
        using var pushing = await AlertFolder.CreateAsync(PushingPlan);
        string[] rules = [.. await File.ReadAllLinesAsync(folder.Rules, Token), .. await File.ReadAllLinesAsync(pushing.Rules, Token)];
        var alerts = rules.Where(l => l.TrimStart().StartsWith("- alert: ", StringComparison.Ordinal)).Select(l => l.Split(": ")[1].Trim('"')).ToList();
        var links = rules.Where(l => l.TrimStart().StartsWith("runbook_url: ", StringComparison.Ordinal)).Select(l => l.Split(": ")[1].Trim('"')).ToList();
        var page = await File.ReadAllLinesAsync(Path.Combine(CommandLine.Checkout(), "docs/troubleshooting.md"), Token);
        var anchors = page.Where(l => l.StartsWith("### ", StringComparison.Ordinal)).Select(l => $"https://example.org/troubleshooting.md#{l[4..].ToLowerInvariant()}").ToHashSet();

        Assert.Equal(Faults.Select(f => f.Alert).Append(NothingPushed).Order(), alerts.Distinct().Order());
        Assert.Equal(alerts.Count, links.Count);
        Assert.All(links, l => Assert.Contains(l, anchors));
    }

    [Fact]
    public async Task The_object_for_the_operator_has_the_same_rules()
    {
        using var folder = await WorldAsync();
        var done = (await CommandLine.RunAsync(["alerts", "--plan", folder.PlanFile, "--label", "release=prometheus", "--runbook-url", AlertFolder.Runbook], null, folder.Path)).Expect(ExitCode.Done);
        var rules = await File.ReadAllTextAsync(folder.Rules, Token);

        Assert.Contains("kind: PrometheusRule\n", done.Output, StringComparison.Ordinal);
        Assert.Contains("    release: prometheus\n", done.Output, StringComparison.Ordinal);
        Assert.Equal(
            rules.Split('\n').Select(l => l.Trim()).SkipWhile(l => !l.StartsWith("- name", StringComparison.Ordinal)),
            done.Output.Split('\n').Select(l => l.Trim()).SkipWhile(l => !l.StartsWith("- name", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_panel_of_the_dashboard_has_something_to_show()
    {
        using var folder = await WorldAsync();
        var board = (await CommandLine.RunAsync(["dashboard"], null, folder.Path)).Expect(ExitCode.Done).Json;
        var asked = board.GetProperty("panels").EnumerateArray()
            .SelectMany(p => (p.GetProperty("type").GetString(), p.GetProperty("targets").EnumerateArray().Select(Query)) switch
            {
                ("timeseries", var queries) => queries,
                // A tile whose figures are split in good and bad ones has something of one of them.
                ("stat", var queries) => [string.Join(" or ", queries)],
                _ => [],
            })
            .ToList();

        Assert.True(asked.Count > 20);
        await folder.ShowAsync(asked, 30);
    }

    [Fact]
    public async Task What_is_wrong_is_named_by_the_dashboard_as_by_the_alerts_and_nothing_else()
    {
        using var folder = await WorldAsync();
        var board = (await CommandLine.RunAsync(["dashboard"], null, folder.Path)).Expect(ExitCode.Done).Json;
        var wrong = Query(board.GetProperty("panels").EnumerateArray().Single(p => p.GetProperty("type").GetString() == "table").GetProperty("targets")[0]);
        // Where an exporter is down, all of its figures are gone.
        QuietYear With((string Alert, string Series, string? Label, double? Value, int By) fault) =>
            fault.Value is null ? new QuietYear().Until(20 * Day) : new QuietYear().Spoil(fault.Series, fault.Label, t => t < 20 * Day, fault.Value);

        await folder.TestAsync(Faults.Select(f => new AlertCase(
            f.Alert, With(f).Write(f.By, restarts: false), $"({wrong}) and on (alert) label_replace(vector(1), \"alert\", \"{f.Alert}\", \"\", \"\")", f.By, Fires: true)), rules: false);
        await folder.ShowAsync([$"absent({wrong})"], 30);
    }

    private static string Query(JsonElement target) => target.GetProperty("expr").GetString()!
        .Replace("$plan", "mlops", StringComparison.Ordinal).Replace("$seen", "5m", StringComparison.Ordinal).Replace('\n', ' ');

    private static Task<AlertFolder> WorldAsync() => AlertFolder.CreateAsync(Plan);
}
