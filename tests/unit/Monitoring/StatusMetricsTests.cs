using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Monitoring;
using KubectlMlopsBackup.Repository.State;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.InCluster.Status;

namespace KubectlMlopsBackup.UnitTests.Monitoring;

public sealed class StatusMetricsTests
{
    private readonly StatusWorld world = new();

    [Fact]
    public void A_good_night_as_figures()
    {
        var text = Text();

        Assert.Contains("mlopsbackup_component_last_success_timestamp_seconds{plan=\"mlops\",component=\"postgres\"} 1795485600\n", text, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_run_exit_code{plan=\"mlops\",job_kind=\"artifacts\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_schedule_interval_seconds{plan=\"mlops\",schedule=\"backup-verify\"} 604800\n", text, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_repository_free_bytes{plan=\"mlops\",repository=\"local\"} 42949672960\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("mlopsbackup_repository_free_bytes{plan=\"mlops\",repository=\"offsite\"}", text, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_repository_missing_artifacts{plan=\"mlops\",repository=\"local\"} 3\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("mlopsbackup_repository_missing_artifacts{plan=\"mlops\",repository=\"offsite\"}", text, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_drill_duration_seconds{plan=\"mlops\"} 340\n", text, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_repository_dedup_ratio{plan=\"mlops\",repository=\"local\"} 7.5\n", text, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_a_figure_too()
    {
        world.End("postgres-backup", StatusWorld.At(24, 10, 0), ExitCode.WrongKey, "{}");
        world.CronJobs.Remove("backup-verify");
        world.CronJobs["mlflow-artifacts-backup"] = StatusWorld.Cron("mlflow-artifacts-backup", "0 3 * * *", StatusWorld.At(24, 3, 0), suspend: true);

        var text = Text();

        Assert.Contains("mlopsbackup_run_exit_code{plan=\"mlops\",job_kind=\"postgres\"} 12\n", text, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_schedule_present{plan=\"mlops\",schedule=\"backup-verify\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_schedule_suspended{plan=\"mlops\",schedule=\"mlflow-artifacts-backup\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_known_families_are_served_each_with_its_labels_and_few_series()
    {
        var samples = Samples();

        Assert.All(samples, s => Assert.Contains(s.Metric, Metrics.All));
        Assert.All(samples, s => Assert.Equal(s.Metric.Labels.Length, s.Labels.Length));
        Assert.Equal(samples.Count, samples.Select(s => $"{s.Metric.Name} {string.Join(',', s.Labels)}").Distinct().Count());
        Assert.True(samples.Count < 80, $"{samples.Count} series");
        Assert.Equal(Metrics.All.Count, Metrics.All.Select(m => m.Name).Distinct().Count());
    }

    private string Text() => OpenMetricsText.Write("mlops", Samples());

    private IReadOnlyList<Sample> Samples()
    {
        ReportState[] reports = [new ReportState("drill", StatusWorld.At(20, 1, 0), "passed", 340), new ReportState("recover", StatusWorld.At(21, 1, 0), "passed", 7)];
        var point = StatusWorld.InFolder().RecoveryPoint! with { Consistent = false, Missing = 3 };
        world.End("mlflow-artifacts-backup", StatusWorld.At(24, 4, 0), ExitCode.Done, StatusWorld.Outcome("artifacts", StatusWorld.At(24, 3, 10), StatusWorld.InFolder() with { ContentBytes = 75 * StatusWorld.GiB, Reports = reports, Time = StatusWorld.At(24, 3, 11), RecoveryPoint = point }, StatusWorld.InS3()));
        return StatusMetrics.Of(Plans.Load(StatusWorld.Plan).Spec, world.Report(), null);
    }
}
