namespace KubectlMlopsBackup.EndToEndTests.Monitoring;

/// <summary>
/// What the exporter says of a platform on which all goes well for a year, as it does in life: runs take their time and one is an hour late (summer
/// time), data grow, the exporter's pod is made anew now and then, a run is retried, the verification is weekly.
/// </summary>
internal sealed class QuietYear
{
    public const int Days = 365;
    public const int MinutesPerStep = 60;

    private const int HourOfPush = 5;

    private const long Day = 86_400;
    private const long GiB = 1L << 30;

    /// <summary>Series by their names, so that a test may spoil one.</summary>
    private readonly Dictionary<string, Func<long, double?>> series = new(StringComparer.Ordinal);

    public QuietYear()
    {
        Set("exporter_refresh_timestamp_seconds", t => t);
        Set("exporter_refresh_success", _ => 1);
        Set("rpo_seconds", _ => Day);
        Set("rto_seconds", _ => 4 * 3600);
        Set("drill_timestamp_seconds", t => t < 5 * Day ? null : (((t - (5 * Day)) / (30 * Day) * 30) + 5) * Day);
        Set("drill_overdue", t => t < 5 * Day ? null : 0);
        Set("drill_success", t => t < 5 * Day ? null : 1);
        Set("drill_duration_seconds", t => t < 5 * Day ? null : 3_000);
        Set("prune_last_success_timestamp_seconds", t => Last(t, 3));
        foreach (var (component, schedule, hour, size) in new[] { ("postgres", "postgres-backup", 2, 2.0), ("artifacts", "mlflow-artifacts-backup", 3, 200.0) })
        {
            var label = $"component=\"{component}\"";
            Set("component_last_success_timestamp_seconds", t => Last(t, hour), label);
            // Half a percent a day, and some nights of much work.
            Set("component_size_bytes", t => size * GiB * (1 + (0.005 * (t / Day)) + (0.1 * (t / Day % 7 == 5 ? 1 : 0))), label);
            Set("component_duration_seconds", t => 300 + (t / Day % 11 * 20), label);
            Set("component_snapshots", t => Math.Min(1 + (t / Day), 90), label);
            Set("component_verified_timestamp_seconds", t => t < 4 * 3600 ? 0 : ((t - (4 * 3600)) / (7 * Day) * 7 * Day) + (4 * 3600), label);
            Run(component, hour, schedule, Day);
        }

        Run("verify", 4, "backup-verify", 7 * Day);
        foreach (var (repository, late) in new[] { ("local", 3), ("offsite", 4) })
        {
            var label = $"repository=\"{repository}\"";
            Set("repository_readable", _ => 1, label);
            Set("repository_read_timestamp_seconds", t => Last(t, late), label);
            // The moment of the database, known once the artifacts are backed up after it.
            Set("repository_recovery_point_timestamp_seconds", t => Last(t, late) is var read && read > 0 ? read - ((late - 2) * 3600) : 0, label);
            Set("repository_recovery_point_verified", _ => 1, label);
            Set("repository_missing_artifacts", _ => 0, label);
            Set("repository_size_bytes", t => 100 * GiB * (1 + (0.001 * (t / Day))), label);
            Set("repository_growth_bytes", _ => 1 * GiB, label);
            Set("repository_damaged_objects", _ => 0, label);
            Set("repository_dedup_ratio", _ => 8.5, label);
        }

        // Keys that are renewed each quarter, three weeks before their end.
        Set("credential_expiry_timestamp_seconds", t => ((t / (90 * Day) * 90) + 111) * Day, "credential=\"s3-keys/offsite\"");
        Set("repository_free_bytes", t => (200 - (0.1 * (t / Day))) * GiB, "repository=\"local\"");
        Set("repository_capacity_bytes", _ => 300 * GiB, "repository=\"local\"");
    }

    /// <param name="name">Without its prefix.</param>
    /// <param name="label">Beside the plan's; null for none.</param>
    public QuietYear Set(string name, Func<long, double?> value, string? label = null)
    {
        series[$"mlopsbackup_{name}{{plan=\"mlops\"{(label is null ? "" : $",{label}")}}}"] = value;
        return this;
    }

    /// <param name="well">When it is still as it was.</param>
    /// <param name="value">From then on; null where nothing is scraped any more.</param>
    public QuietYear Spoil(string name, string? label, Func<long, bool> well, double? value)
    {
        var key = $"mlopsbackup_{name}{{plan=\"mlops\"{(label is null ? "" : $",{label}")}}}";
        var before = series[key];
        series[key] = t => well(t) ? before(t) : value;
        return this;
    }

    /// <summary>Then everything falls silent.</summary>
    public QuietYear Until(long end)
    {
        foreach (var name in series.Keys.ToList())
        {
            var value = series[name];
            series[name] = t => t < end ? value(t) : null;
        }

        return this;
    }

    /// <summary>As runs push it, by OTLP: what no run knows is not there, and the rest for a moment each night.</summary>
    public QuietYear Pushed()
    {
        foreach (var name in series.Keys.ToList())
        {
            var value = series[name];
            if (name.Contains("_exporter_", StringComparison.Ordinal) || name.Contains("_schedule_", StringComparison.Ordinal)
                || name.Contains("_run_active", StringComparison.Ordinal) || name.Contains("_run_waiting", StringComparison.Ordinal))
            {
                series.Remove(name);
            }
            else
            {
                series[name] = t => t % Day / 3600 == HourOfPush ? value(t) : null;
            }
        }

        return this;
    }

    /// <summary>One exporter's pod after the other: each is another target, so other series.</summary>
    public string Write(int days, bool restarts)
    {
        var book = new SeriesBook(days * 24 * 60 / MinutesPerStep, MinutesPerStep);
        foreach (var (name, value) in series)
        {
            for (var pod = 0; pod < (restarts ? 3 : 1); pod++)
            {
                var mine = pod;
                book.Add(
                    name.Replace("{", $"{{instance=\"10.0.0.{pod}:9188\",namespace=\"mlops\",", StringComparison.Ordinal),
                    t => !restarts || (t / Day / 122) == mine || (mine == 2 && t / Day / 122 > 2) ? value(t) : null);
            }
        }

        return book.ToString();
    }

    private void Run(string kind, int hour, string schedule, long every)
    {
        var (run, name) = ($"job_kind=\"{kind}\"", $"schedule=\"{schedule}\"");
        Set("run_exit_code", t => t < hour * 3600 ? null : 0, run);
        Set("run_end_timestamp_seconds", t => Last(t, hour), run);
        Set("run_active", t => t % every / 3600 == hour ? 1 : 0, run);
        Set("run_waiting", _ => 0, run);
        Set("schedule_present", _ => 1, name);
        Set("schedule_suspended", _ => 0, name);
        // Once a month a node is busy, and it begins within the hour.
        Set("schedule_missed", t => t / Day % 30 == 7 && t % Day / 3600 == hour ? 1 : 0, name);
        Set("schedule_next_timestamp_seconds", t => Last(t, hour) + every, name);
        Set("schedule_interval_seconds", _ => every, name);
    }

    /// <summary>When the night's run was, seen half an hour later; 0 before the first. One night is an hour late, another takes two hours.</summary>
    private static double Last(long t, int hour)
    {
        var day = t / Day;
        var began = (hour + (day == 120 ? 1 : 0)) * 3600L;
        var seen = began + 1800 + (day == 200 ? 7200 : 0);
        var night = t % Day >= seen ? day : day - 1;
        return night < 0 ? 0 : (night * Day) + ((hour + (night == 120 ? 1 : 0)) * 3600);
    }
}
