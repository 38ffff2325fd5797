using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>Traces with their tags, metadata, metrics, spans and assessments.</summary>
internal static class TraceRows
{
    public static IEnumerable<TableRows> Of(Catalog catalog)
    {
        var traces = Enumerable.Range(catalog.Today.Traces.Start, catalog.Today.Traces.Count);
        yield return new TableRows(
            "trace_info",
            [
                "request_id", "experiment_id", "timestamp_ms", "execution_time_ms", "status", "client_request_id", "request_preview", "response_preview",
            ],
            traces.Select(t => (object?[])
            [
                catalog.TraceId(t), catalog.ExperimentOfTrace(t), catalog.TraceTime(t), Duration(catalog, t), t % 40 == 7 ? "ERROR" : "OK",
                null, Question(t), "The customer will probably stay.",
            ]));
        yield return new TableRows("trace_tags", ["key", "value", "request_id"], traces.SelectMany(t => Tags(catalog, t)));
        yield return new TableRows(
            "trace_request_metadata",
            ["key", "value", "request_id"],
            traces.SelectMany(t => (object?[][])
            [
                ["mlflow.traceInputs", Question(t), catalog.TraceId(t)],
                ["mlflow.trace_schema.version", "3", catalog.TraceId(t)],
            ]));
        yield return new TableRows(
            "trace_metrics",
            ["request_id", "key", "value"],
            traces.Select(t => (object?[])[catalog.TraceId(t), "total_tokens", 100.0 + (t % 900)]));
        yield return new TableRows(
            "spans",
            [
                "trace_id", "experiment_id", "span_id", "parent_span_id", "name", "type", "status", "start_time_unix_nano", "end_time_unix_nano", "content",
            ],
            traces.Where(t => t % 4 == 0).SelectMany(t => Spans(catalog, t)));
        yield return new TableRows(
            "assessments",
            [
                "assessment_id", "trace_id", "name", "assessment_type", "value", "error", "created_timestamp", "last_updated_timestamp",
                "source_type", "source_id", "run_id", "span_id", "rationale", "overrides", "valid", "assessment_metadata",
            ],
            traces.Where(t => t % 3 == 0).Select(t => Assessment(catalog, t)));
    }

    private static long Duration(Catalog catalog, int t) => 20 + Mix.Below(Mix.Of(catalog.Seed, 'x', t), 4000);

    private static string Question(int t) => Catalog.Invariant($$"""{"question": "Will customer {{t}} leave, and \"why\"?"}""");

    private static IEnumerable<object?[]> Tags(Catalog catalog, int t)
    {
        var id = catalog.TraceId(t);
        yield return ["mlflow.artifactLocation", catalog.Uri(catalog.TraceDirectory(t)), id];
        yield return ["mlflow.traceName", "predict", id];
        if (t % 4 == 0)
        {
            yield return ["mlflow.trace.spansLocation", "TRACKING_STORE", id];
        }
    }

    private static IEnumerable<object?[]> Spans(Catalog catalog, int t)
    {
        var root = Mix.Hex(catalog.Seed, 'S', t)[..16];
        var start = catalog.TraceTime(t) * 1_000_000;
        for (var s = 0; s < 3; s++)
        {
            var id = s == 0 ? root : Mix.Hex(catalog.Seed, 'S', (t * 3L) + s)[16..];
            var name = s == 0 ? "predict" : Catalog.Invariant($"retrieve_{s}");
            yield return
            [
                catalog.TraceId(t), catalog.ExperimentOfTrace(t), id, s == 0 ? null : root, name, s == 0 ? "CHAIN" : "RETRIEVER", "OK",
                start + s, start + (Duration(catalog, t) * 1_000_000 / (s + 1)),
                $$$$"""{"name": "{{{{name}}}}", "span_id": "{{{{id}}}}", "attributes": {"mlflow.spanInputs": {"k": 5}}}""",
            ];
        }
    }

    private static object?[] Assessment(Catalog catalog, int t) =>
    [
        "a-" + Mix.Hex(catalog.Seed, 'A', t), catalog.TraceId(t), "correctness", "feedback", t % 2 == 0 ? "true" : "false", null,
        catalog.TraceTime(t) + 5000, catalog.TraceTime(t) + 5000, "HUMAN", Words.User(Mix.Of(catalog.Seed, 'u', t)), null, null,
        "matches the record\nof last month", null, true, null,
    ];
}
