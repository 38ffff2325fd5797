using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>A Grafana dashboard of the exporter's figures: the verdict on top, then freshness, runs, sizes, repositories.</summary>
internal static class Dashboard
{
    /// <summary>Of Grafana 11; later ones read it.</summary>
    private const int SchemaVersion = 39;

    private const string Plan = "{plan=~\"$plan\"}";

    public static JsonObject Build()
    {
        var panels = new JsonArray();
        var row = 0;
        void Row(int height, params (int Width, JsonObject Panel)[] some)
        {
            var x = 0;
            foreach (var (width, panel) in some)
            {
                panel["id"] = panels.Count + 1;
                panel["gridPos"] = new JsonObject { ["h"] = height, ["w"] = width, ["x"] = x, ["y"] = row };
                panels.Add((JsonNode)panel);
                x += width;
            }

            row += height;
        }

        Row(
            4,
            (6, Stat("Age of the newest backup", $"max by (component) (time() - ({Metrics.LastSuccess.Name}{Plan} > 0))", "{{component}}", "s", (86_400, "orange"), (90_000, "red"))),
            (6, Stat("A recovery would go back", $"max by (repository) (time() - ({Metrics.RecoveryPoint.Name}{Plan} > 0))", "{{repository}}", "s", (86_400, "orange"), (111_600, "red"))),
            (6, Stat("Last run (exit code)", $"max by (job_kind) ({Metrics.RunExitCode.Name}{Plan})", "{{job_kind}}", "none", (1, "red"))),
            (6, Stat("Next run in", $"min by (schedule) ({Metrics.ScheduleNext.Name}{Plan}) - time()", "{{schedule}}", "s")));
        Row(
            4,
            (6, Stat("Last verified", $"max by (component) (time() - ({Metrics.Verified.Name}{Plan} > 0))", "{{component}}", "s", (1_209_600, "orange"))),
            (6, Falling("Free in the volume", $"min by (repository) ({Metrics.RepositoryFree.Name}{Plan} / {Metrics.RepositoryCapacity.Name}{Plan})", "{{repository}}", "percentunit", (0.03, "orange"), (0.2, "green"))),
            (6, Stat("Saved by deduplication and compression", $"max by (repository) ({Metrics.RepositoryRatio.Name}{Plan})", "{{repository}} : 1", "none")),
            (6, Stat("Schedules that are off", $"sum(1 - {Metrics.SchedulePresent.Name}{Plan}) + sum({Metrics.ScheduleSuspended.Name}{Plan}) + sum({Metrics.ScheduleMissed.Name}{Plan})", "suspended, missed or gone", "none", (1, "red"))));
        Row(
            8,
            (12, Graph("Age of the newest backup against the RPO", "s",
                ($"max by (component) (time() - ({Metrics.LastSuccess.Name}{Plan} > 0))", "{{component}}"), ($"max ({Metrics.Rpo.Name}{Plan})", "RPO"))),
            (12, Graph("How long a backup takes", "s", ($"max by (component) ({Metrics.Duration.Name}{Plan})", "{{component}}"))));
        Row(
            8,
            (12, Graph("Size of what is backed up", "bytes", ($"max by (component) ({Metrics.Size.Name}{Plan})", "{{component}}"))),
            (12, Graph("Size of the repositories", "bytes", ($"max by (repository) ({Metrics.RepositorySize.Name}{Plan})", "{{repository}}"), ($"max by (repository) ({Metrics.RepositoryCapacity.Name}{Plan})", "{{repository}}: volume"))));
        Row(
            8,
            (8, Graph("A night adds at most", "bytes", ($"max by (repository) ({Metrics.RepositoryGrowth.Name}{Plan})", "{{repository}}"))),
            (8, Graph("Snapshots", "none", ($"max by (component) ({Metrics.Snapshots.Name}{Plan})", "{{component}}"))),
            (8, Graph("Runs at work, and runs that do not start", "none",
                ($"max by (job_kind) ({Metrics.RunActive.Name}{Plan})", "{{job_kind}}"), ($"max by (job_kind) ({Metrics.RunWaiting.Name}{Plan})", "{{job_kind}} waits"))));
        Row(
            6,
            (8, Graph("Damaged objects, missing artifacts", "none",
                ($"max by (repository) ({Metrics.RepositoryDamaged.Name}{Plan})", "{{repository}}: damaged"), ($"max by (repository) ({Metrics.MissingArtifacts.Name}{Plan})", "{{repository}}: missing"))),
            (8, Graph("Repository readable", "none", ($"min by (repository) ({Metrics.RepositoryReadable.Name}{Plan})", "{{repository}}"))),
            (8, Graph("Age of these figures", "s", ($"time() - max ({Metrics.Refreshed.Name}{Plan})", "exporter"), ($"time() - max ({Metrics.PruneSuccess.Name}{Plan} > 0)", "last prune"))));
        Row(
            6,
            (12, Graph("How long a drill takes against the RTO", "s", ($"max ({Metrics.DrillDuration.Name}{Plan})", "last drill"), ($"max ({Metrics.Rto.Name}{Plan})", "RTO"))),
            (6, Stat("Last drill", $"max (time() - {Metrics.DrillTime.Name}{Plan})", "ago", "s", (7_948_800, "orange"))),
            (6, Falling("Last drill passed", $"min ({Metrics.DrillSuccess.Name}{Plan})", "1: yes", "none", (1, "green"))));
        return Whole(panels);
    }

    private static JsonObject Whole(JsonArray panels) => new()
    {
        ["__inputs"] = new JsonArray(),
        ["uid"] = "mlopsbackup",
        ["title"] = "MLOps backups",
        ["description"] = "Are we safe? From the exporter of kubectl-mlopsbackup.",
        ["tags"] = new JsonArray("backup", "mlops"),
        ["schemaVersion"] = SchemaVersion,
        ["version"] = 1,
        ["editable"] = true,
        ["graphTooltip"] = 1,
        ["refresh"] = "1m",
        ["timezone"] = "browser",
        ["time"] = new JsonObject { ["from"] = "now-14d", ["to"] = "now" },
        ["templating"] = new JsonObject
        {
            ["list"] = new JsonArray(
                new JsonObject { ["name"] = "datasource", ["label"] = "Data source", ["type"] = "datasource", ["query"] = "prometheus", ["hide"] = 0 },
                new JsonObject
                {
                    ["name"] = "plan",
                    ["label"] = "Plan",
                    ["type"] = "query",
                    ["datasource"] = Source(),
                    ["query"] = new JsonObject { ["query"] = $"label_values({Metrics.Rpo.Name}, plan)", ["refId"] = "plan" },
                    ["refresh"] = 2,
                    ["sort"] = 1,
                    ["includeAll"] = true,
                    ["multi"] = true,
                    ["current"] = new JsonObject { ["text"] = "All", ["value"] = "$__all" },
                }),
        },
        ["annotations"] = new JsonObject { ["list"] = new JsonArray() },
        ["panels"] = panels,
    };

    private static JsonObject Stat(string title, string expression, string legend, string unit, params (double From, string Color)[] steps)
    {
        var panel = Panel("stat", title, unit, (expression, legend));
        panel["options"] = new JsonObject
        {
            ["colorMode"] = "background",
            ["graphMode"] = "none",
            ["textMode"] = "value_and_name",
            ["reduceOptions"] = new JsonObject { ["calcs"] = new JsonArray("lastNotNull"), ["values"] = false },
        };
        panel["fieldConfig"]!["defaults"]!["thresholds"] = new JsonObject
        {
            ["mode"] = "absolute",
            ["steps"] = new JsonArray([
                new JsonObject { ["value"] = null, ["color"] = "green" },
                .. steps.Select(s => new JsonObject { ["value"] = s.From, ["color"] = s.Color })]),
        };
        return panel;
    }

    /// <summary>Where little is bad.</summary>
    private static JsonObject Falling(string title, string expression, string legend, string unit, params (double From, string Color)[] steps)
    {
        var panel = Stat(title, expression, legend, unit, steps);
        panel["fieldConfig"]!["defaults"]!["thresholds"]!["steps"]![0]!["color"] = "red";
        return panel;
    }

    private static JsonObject Graph(string title, string unit, params (string Expression, string Legend)[] queries)
    {
        var panel = Panel("timeseries", title, unit, queries);
        panel["options"] = new JsonObject
        {
            ["legend"] = new JsonObject { ["displayMode"] = "list", ["placement"] = "bottom", ["showLegend"] = true },
            ["tooltip"] = new JsonObject { ["mode"] = "multi" },
        };
        panel["fieldConfig"]!["defaults"]!["min"] = 0;
        return panel;
    }

    private static JsonObject Panel(string type, string title, string unit, params (string Expression, string Legend)[] queries) => new()
    {
        ["type"] = type,
        ["title"] = title,
        ["datasource"] = Source(),
        ["fieldConfig"] = new JsonObject { ["defaults"] = new JsonObject { ["unit"] = unit }, ["overrides"] = new JsonArray() },
        ["targets"] = new JsonArray([.. queries.Select((q, i) => new JsonObject
        {
            ["refId"] = ((char)('A' + i)).ToString(),
            ["datasource"] = Source(),
            ["expr"] = q.Expression,
            ["legendFormat"] = q.Legend,
        })]),
    };

    private static JsonObject Source() => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };
}
