using System.Globalization;
using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>
/// A Grafana dashboard of all figures. What is wrong comes first, for all plans; then what each plan's state is, and then its trends. What is shown of now is
/// asked of now alone: a figure that is not there any more must not stand there as its last value.
/// </summary>
internal static class Dashboard
{
    /// <summary>Of Grafana 11; later ones read it.</summary>
    private const int SchemaVersion = 39;

    private const int Width = 24;

    private const string Plan = "{plan=~\"$plan\"}";

    /// <summary>A choice: an exporter's figures are there all the time, what is pushed by OTLP for a moment each night.</summary>
    private const string Window = "$seen";

    private const string Green = "green";
    private const string Blue = "blue";
    private const string Orange = "orange";
    private const string Red = "red";

    private const string Count = "none";
    private const string Seconds = "s";
    private const string Bytes = "bytes";

    /// <summary>Not Grafana's own unit, which puts marks at 22.2 hours.</summary>
    private const string Hours = "suffix:h";
    private const string Minutes = "suffix:min";

    /// <summary>Seconds: a moment of 0, which is never, would be so long ago.</summary>
    private const double Decades = 1_000_000_000;

    private const int PushedGrace = 93_600;

    /// <summary>What takes the place of an exit code where a run does not start.</summary>
    private const int DoesNotStart = 1_000;

    public static JsonObject Build()
    {
        var panels = new JsonArray();
        var row = 0;
        void Add(JsonObject panel, int x, int width, int height)
        {
            panel["id"] = panels.Count + 1;
            panel["gridPos"] = new JsonObject { ["h"] = height, ["w"] = width, ["x"] = x, ["y"] = row };
            panels.Add((JsonNode)panel);
        }

        void Row(int height, params (int Width, JsonObject Panel)[] some)
        {
            var x = 0;
            foreach (var (width, panel) in some)
            {
                Add(panel, x, width, height);
                x += width;
            }

            row += height;
        }

        Row(8, (Width, Wrong()));
        Row(1, (Width, ForEachPlan("$plan")));
        foreach (var tiles in Tiles())
        {
            Row(4, tiles);
        }

        Row(1, (Width, ForEachPlan("$plan: trends")));
        foreach (var graphs in Graphs())
        {
            Row(7, graphs);
        }

        return Whole(panels);
    }

    private static IEnumerable<(int Width, JsonObject Panel)[]> Tiles()
    {
        var rpo = By(Metrics.Rpo);
        var free = $"{By(Metrics.RepositoryFree, "min")} / {By(Metrics.RepositoryCapacity)}";
        yield return
        [
            (7, Age("A recovery would go back", Metrics.RecoveryPoint, "{{repository}}", $"({rpo} + {AlertRules.PointGrace})", "no repository was read yet", "nothing")),
            (7, Age("Age of the newest backup", Metrics.LastSuccess, "{{component}}", $"({rpo} + {AlertRules.Grace})", "unknown", "never")),
            (10, Stat("Last runs", $"{DoesNotStart} * ({By(Metrics.RunWaiting)} == 1) or {By(Metrics.RunExitCode)}", "{{job_kind}}", Count, "none has ended yet", Green, (1, Red))
                .Says((0, "done", Green), (1, "failed", Red), (3, "incomplete", Orange), (4, "damage", Red), (10, "no repository", Red), (11, "locked", Red), (12, "wrong key", Red), (DoesNotStart, "waiting", Red))),
        ];
        yield return
        [
            (10, Stat(
                "Next runs in",
                $"({By(Metrics.SchedulePresent)} == 0) - 3 or -2 * ({By(Metrics.ScheduleSuspended)} == 1) or -1 * ({By(Metrics.ScheduleMissed)} == 1) or clamp_min({By(Metrics.ScheduleNext, "min")} - time(), 0)",
                "{{schedule}}", Seconds, "not known: what runs push says nothing of schedules", Green).Says((-3, "deleted", Red), (-2, "suspended", Orange), (-1, "missed", Red))),
            (5, Stat("Missing artifacts", By(Metrics.MissingArtifacts), "{{repository}}", Count, "not compared yet", Green, (1, Red))),
            (4, Stat("Damaged objects", By(Metrics.RepositoryDamaged), "{{repository}}", Count, "not read yet", Green, (1, Red))),
            (5, Stat("Can be read", By(Metrics.RepositoryReadable, "min"), "{{repository}}", Count, "not tried yet", Red, (1, Green)).Says((0, "no", Red), (1, "yes", Green))),
        ];
        yield return
        [
            (5, Stat("Verified, ago", $"time() - {By(Metrics.Verified)}", "{{component}}", Seconds, "nothing to verify yet", Green, (1_213_200, Orange)).SaysBeyond("never", Orange)),
            (3, Stat("Pruned, ago", $"time() - {By(Metrics.PruneSuccess)}", "", Seconds, "unknown", Green, (259_200, Orange)).SaysBeyond("never", Orange)),
            (4, Stat("Free in the volume", free, "{{repository}}", "percentunit", "no volume", Red, (0.03, Orange), (0.2, Green))),
            (5, Stat("Keys and certificates end in", $"{By(Metrics.CredentialExpiry, "min")} - time()", "{{credential}}", Seconds, "none with a known end", Red, (0, Orange), (1_209_600, Green)).SaysBelow("ended", Red)),
            (4, Stat(
                "Drilled, ago", $"({By(Metrics.DrillSuccess)} == 0) - 2 or -1 * ({By(Metrics.DrillOverdue)} == 1) or time() - {By(Metrics.DrillTime)}", "", Seconds, "never", Green)
                .Says((-2, "failed", Red), (-1, "overdue", Orange))),
            (3, Figures()),
        ];
    }

    private static IEnumerable<(int Width, JsonObject Panel)[]> Graphs()
    {
        yield return
        [
            (12, Graph("Age of the newest backup against the RPO", Hours, ($"(time() - ({By(Metrics.LastSuccess)} > 0)) / 3600", "{{component}}"), ($"{By(Metrics.Rpo)} / 3600", "RPO")).Limit("RPO")),
            (12, Graph("How long a backup takes", Minutes, ($"{By(Metrics.Duration)} / 60", "{{component}}"))),
        ];
        yield return
        [
            (12, Graph("Size of what is backed up", Bytes, (By(Metrics.Size), "{{component}}")).Logarithmic()),
            (12, Graph("Size of the repositories", Bytes, (By(Metrics.RepositorySize), "{{repository}}"), (By(Metrics.RepositoryCapacity), "volume of {{repository}}")).Limit("volume of .*")),
        ];
        yield return
        [
            (8, Graph("A night adds at most", Bytes, (By(Metrics.RepositoryGrowth), "{{repository}}"))),
            (8, Graph("Snapshots", Count, (By(Metrics.Snapshots), "{{component}}"))),
            (8, Graph("Content by stored bytes (deduplication and compression)", "suffix:: 1", (By(Metrics.RepositoryRatio), "{{repository}}"))),
        ];
        yield return
        [
            (8, Graph("Damaged objects, missing artifacts", Count, (By(Metrics.RepositoryDamaged), "{{repository}}: damaged"), (By(Metrics.MissingArtifacts), "{{repository}}: missing"))),
            (8, Graph("Runs at work", Count, (By(Metrics.RunActive), "{{job_kind}}")).Switch()),
            (8, Graph("How long a drill takes against the RTO", Hours, ($"{By(Metrics.DrillDuration)} / 3600", "last drill"), ($"{By(Metrics.Rto)} / 3600", "RTO")).Limit("RTO")),
        ];
    }

    private static string Last(Metric metric) => $"last_over_time({metric.Name}{Plan}[{Window}])";

    private static string By(Metric metric, string sum = "max") => $"{sum} by ({string.Join(", ", ["plan", .. metric.Labels])}) ({Last(metric)})";

    /// <summary>All that the alerts ask for, without their patience, and whether or not Prometheus has the rules.</summary>
    private static JsonObject Wrong()
    {
        var rules = AlertRules.OfDashboard("$plan", Window).OrderBy(r => r.Severity, StringComparer.Ordinal).Select(r =>
            $"label_replace(label_replace(label_join({r.Expression}, \"where\", \"\", \"component\", \"job_kind\", \"schedule\", \"repository\", \"credential\"), "
            + $"\"alert\", \"{r.Name}\", \"\", \"\"), \"severity\", \"{r.Severity}\", \"\", \"\")");
        var panel = Panel("table", "What is wrong now", Count, ($"max by (severity, alert, plan, where) ({string.Join("\nor ", rules)})", ""));
        panel["description"] = "What the alerts of the same names ask for, at this moment. Their sections in the page on troubleshooting say what to do.";
        OfNow(panel["targets"]![0]!)["format"] = "table";
        panel["transformations"] = new JsonArray(new JsonObject
        {
            ["id"] = "organize",
            ["options"] = new JsonObject
            {
                ["excludeByName"] = new JsonObject { ["Time"] = true, ["Value"] = true },
                ["indexByName"] = new JsonObject { ["severity"] = 0, ["alert"] = 1, ["where"] = 2, ["plan"] = 3 },
                ["renameByName"] = new JsonObject { ["severity"] = "Severity", ["alert"] = "Alert", ["where"] = "Of", ["plan"] = "Plan" },
            },
        });
        panel["options"] = new JsonObject
        {
            ["showHeader"] = true,
            ["cellHeight"] = "sm",
            ["sortBy"] = new JsonArray(new JsonObject { ["displayName"] = "Severity", ["desc"] = false }),
        };
        panel["fieldConfig"]!["defaults"]!["noValue"] = "Nothing";
        panel["fieldConfig"]!["overrides"] = new JsonArray(new JsonObject
        {
            ["matcher"] = new JsonObject { ["id"] = "byName", ["options"] = "Severity" },
            ["properties"] = new JsonArray(
                Property("custom.width", 110),
                Property("custom.cellOptions", new JsonObject { ["type"] = "color-background", ["mode"] = "basic" }),
                Property("mappings", new JsonArray(new JsonObject
                {
                    ["type"] = "value",
                    ["options"] = new JsonObject { [AlertRules.Critical] = Text(AlertRules.Critical, Red, 0), [AlertRules.Warning] = Text(AlertRules.Warning, Orange, 1) },
                }))),
        });
        return panel;
    }

    private static JsonObject ForEachPlan(string title) => new()
    {
        ["type"] = "row",
        ["title"] = title,
        ["repeat"] = "plan",
        ["collapsed"] = false,
        ["panels"] = new JsonArray(),
        ["targets"] = new JsonArray(),
    };

    /// <summary>Red beyond what the plan asks for, and those first.</summary>
    /// <param name="limit">In seconds, by plan.</param>
    /// <param name="never">What is said where the moment is 0.</param>
    private static JsonObject Age(string title, Metric moment, string legend, string limit, string unknown, string never)
    {
        var age = $"(time() - {By(moment)})";
        var panel = Stat(title, $"{age} > on (plan) group_left () {limit}", legend, Seconds, unknown, Red);
        return AndGood(panel, $"{age} <= on (plan) group_left () {limit}", legend).SaysBeyond(never, Red);
    }

    private static JsonObject Figures()
    {
        var read = $"(time() - {By(Metrics.Refreshed)})";
        var pushed = $"(time() - max by (plan) ({Last(Metrics.RunEnded)}) unless {By(Metrics.Refreshed)})";
        return AndGood(
            Stat("Figures, ago", $"{read} > {AlertRules.FiguresGrace} or {pushed} > {PushedGrace}", "", Seconds, "none come", Red),
            $"{read} <= {AlertRules.FiguresGrace} or {pushed} <= {PushedGrace}", "");
    }

    /// <summary>A second query, whose figures are good.</summary>
    private static JsonObject AndGood(JsonObject panel, string expression, string legend)
    {
        var good = OfNow(Target(1, expression, legend));
        panel["targets"]!.AsArray().Add(good);
        panel["fieldConfig"]!["overrides"] = new JsonArray(new JsonObject
        {
            ["matcher"] = new JsonObject { ["id"] = "byFrameRefID", ["options"] = good["refId"]!.GetValue<string>() },
            ["properties"] = new JsonArray(Property("thresholds", Steps(Green))),
        });
        return panel;
    }

    /// <summary>A query that is asked once, and not along the time that is shown.</summary>
    private static JsonNode OfNow(JsonNode target)
    {
        target["instant"] = true;
        target["range"] = false;
        return target;
    }

    /// <param name="unknown">What stands there where there is no figure.</param>
    /// <param name="color">Below the first step.</param>
    private static JsonObject Stat(string title, string expression, string legend, string unit, string unknown, string color, params (double From, string Color)[] steps)
    {
        var panel = Panel("stat", title, unit, (expression, legend));
        OfNow(panel["targets"]![0]!);
        panel["options"] = new JsonObject
        {
            ["colorMode"] = "background_solid",
            ["graphMode"] = "none",
            ["justifyMode"] = "auto",
            ["orientation"] = "auto",
            ["textMode"] = legend.Length > 0 ? "value_and_name" : "value",
            ["wideLayout"] = false,
            ["text"] = new JsonObject { ["titleSize"] = 12, ["valueSize"] = 16 },
            ["reduceOptions"] = new JsonObject { ["calcs"] = new JsonArray("lastNotNull"), ["fields"] = "", ["values"] = false },
        };
        var defaults = panel["fieldConfig"]!["defaults"]!;
        defaults["color"] = new JsonObject { ["mode"] = "thresholds" };
        defaults["thresholds"] = Steps(color, steps);
        defaults["noValue"] = unknown;
        defaults["mappings"] = new JsonArray();
        if (unit != Count)
        {
            defaults["decimals"] = 1;
        }

        return panel;
    }

    private static JsonObject Steps(string color, params (double From, string Color)[] steps) => new()
    {
        ["mode"] = "absolute",
        ["steps"] = new JsonArray([
            new JsonObject { ["value"] = null, ["color"] = color },
            .. steps.Select(s => new JsonObject { ["value"] = s.From, ["color"] = s.Color })]),
    };

    /// <summary>Words in place of numbers.</summary>
    private static JsonObject Says(this JsonObject panel, params (int Value, string Text, string Color)[] words)
    {
        var options = new JsonObject();
        foreach (var (value, text, color) in words)
        {
            options[value.ToString(CultureInfo.InvariantCulture)] = Text(text, color, options.Count);
        }

        return panel.Map(new JsonObject { ["type"] = "value", ["options"] = options });
    }

    /// <summary>Of ages: where the moment is 0.</summary>
    private static JsonObject SaysBeyond(this JsonObject panel, string text, string color) => panel.Map(Range(Decades, null, text, color));

    private static JsonObject SaysBelow(this JsonObject panel, string text, string color) => panel.Map(Range(null, 0, text, color));

    private static JsonObject Range(double? from, double? to, string text, string color) => new()
    {
        ["type"] = "range",
        ["options"] = new JsonObject { ["from"] = from, ["to"] = to, ["result"] = Text(text, color, 0) },
    };

    private static JsonObject Map(this JsonObject panel, JsonObject mapping)
    {
        panel["fieldConfig"]!["defaults"]!["mappings"]!.AsArray().Add((JsonNode)mapping);
        return panel;
    }

    private static JsonObject Text(string text, string color, int index) => new() { ["text"] = text, ["color"] = color, ["index"] = index };

    private static JsonObject Graph(string title, string unit, params (string Expression, string Legend)[] queries)
    {
        var panel = Panel("timeseries", title, unit, queries);
        panel["options"] = new JsonObject
        {
            ["legend"] = new JsonObject { ["displayMode"] = "list", ["placement"] = "bottom", ["showLegend"] = true },
            ["tooltip"] = new JsonObject { ["mode"] = "multi" },
        };
        var defaults = panel["fieldConfig"]!["defaults"]!;
        defaults["color"] = new JsonObject { ["mode"] = "palette-classic" };
        defaults["min"] = 0;
        defaults["noValue"] = "Nothing yet";
        return panel;
    }

    /// <summary>Draws those series as what must not be crossed.</summary>
    /// <param name="name">A regular expression.</param>
    private static JsonObject Limit(this JsonObject panel, string name)
    {
        panel["fieldConfig"]!["overrides"] = new JsonArray(new JsonObject
        {
            ["matcher"] = new JsonObject { ["id"] = "byRegexp", ["options"] = $"/^{name}$/" },
            ["properties"] = new JsonArray(
                Property("color", new JsonObject { ["mode"] = "fixed", ["fixedColor"] = Red }),
                Property("custom.lineStyle", new JsonObject { ["fill"] = "dash", ["dash"] = new JsonArray(8, 8) })),
        });
        return panel;
    }

    /// <summary>A database of some GiB is to be seen beside artifacts of some TiB.</summary>
    private static JsonObject Logarithmic(this JsonObject panel)
    {
        var defaults = panel["fieldConfig"]!["defaults"]!.AsObject();
        defaults.Remove("min");
        defaults["custom"] = new JsonObject { ["scaleDistribution"] = new JsonObject { ["type"] = "log", ["log"] = 2 } };
        return panel;
    }

    /// <summary>Of figures that are 1 or 0.</summary>
    private static JsonObject Switch(this JsonObject panel)
    {
        var defaults = panel["fieldConfig"]!["defaults"]!;
        defaults["max"] = 1;
        defaults["decimals"] = 0;
        defaults["custom"] = new JsonObject { ["lineInterpolation"] = "stepAfter", ["fillOpacity"] = 25 };
        return panel;
    }

    private static JsonObject Property(string id, JsonNode value) => new() { ["id"] = id, ["value"] = value };

    private static JsonObject Panel(string type, string title, string unit, params (string Expression, string Legend)[] queries) => new()
    {
        ["type"] = type,
        ["title"] = title,
        ["datasource"] = Source(),
        ["fieldConfig"] = new JsonObject { ["defaults"] = new JsonObject { ["unit"] = unit }, ["overrides"] = new JsonArray() },
        ["targets"] = new JsonArray([.. queries.Select((q, i) => Target(i, q.Expression, q.Legend))]),
    };

    private static JsonObject Target(int index, string expression, string legend) => new()
    {
        ["refId"] = ((char)('A' + index)).ToString(),
        ["datasource"] = Source(),
        ["expr"] = expression,
        ["legendFormat"] = legend.Length > 0 ? legend : "{{plan}}",
    };

    private static JsonObject Source() => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    private static JsonObject Whole(JsonArray panels) => new()
    {
        ["__inputs"] = new JsonArray(),
        ["uid"] = "mlopsbackup",
        ["title"] = "MLOps backups",
        ["description"] = "Are we safe? From the exporter of kubectl-mlopsbackup, or from what its runs push.",
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
                },
                Seen()),
        },
        ["annotations"] = new JsonObject { ["list"] = new JsonArray() },
        ["panels"] = panels,
    };

    private static JsonObject Seen()
    {
        static JsonObject Choice(string text, string value, bool selected) => new() { ["text"] = text, ["value"] = value, ["selected"] = selected };
        return new JsonObject
        {
            ["name"] = "seen",
            ["label"] = "Figures of",
            ["type"] = "custom",
            ["query"] = $"an exporter : 5m, what runs push : {AlertRules.PushedWindow}",
            ["options"] = new JsonArray(Choice("an exporter", "5m", true), Choice("what runs push", AlertRules.PushedWindow, false)),
            ["current"] = new JsonObject { ["text"] = "an exporter", ["value"] = "5m" },
            ["includeAll"] = false,
            ["multi"] = false,
        };
    }
}
