using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>Experiments, runs, and what hangs on runs, but for the metrics' history.</summary>
internal static class RunRows
{
    public static IEnumerable<TableRows> Of(Catalog catalog)
    {
        var runs = Enumerable.Range(catalog.Today.Runs.Start, catalog.Today.Runs.Count);
        if (catalog.Today.Number == 0)
        {
            var experiments = Enumerable.Range(0, catalog.Options.Experiments);
            yield return new TableRows(
                "experiments",
                ["experiment_id", "name", "artifact_location", "lifecycle_stage", "creation_time", "last_update_time"],
                experiments.Select(e => Experiment(catalog, e)));
            yield return new TableRows("experiment_tags", ["key", "value", "experiment_id"], experiments.SelectMany(ExperimentTags));
            yield return new TableRows(
                "datasets",
                ["dataset_uuid", "experiment_id", "name", "digest", "dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile"],
                experiments.Where(e => catalog.DatasetRun(e) is not null).Select(e => Dataset(catalog, e)));
        }

        yield return new TableRows(
            "runs",
            [
                "run_uuid", "name", "source_type", "source_name", "entry_point_name", "user_id", "status", "start_time", "end_time",
                "source_version", "lifecycle_stage", "artifact_uri", "experiment_id", "deleted_time",
            ],
            runs.Select(r => Run(catalog, r)));
        yield return new TableRows("tags", ["key", "value", "run_uuid"], runs.SelectMany(r => Tags(catalog, r)));
        yield return new TableRows("params", ["key", "value", "run_uuid"], runs.SelectMany(r => Params(catalog, r)));
        yield return new TableRows(
            "latest_metrics",
            ["key", "value", "timestamp", "step", "is_nan", "run_uuid"],
            runs.SelectMany(r => LatestMetrics(catalog, r)));
        yield return new TableRows(
            "inputs",
            ["input_uuid", "source_type", "source_id", "destination_type", "destination_id", "step"],
            runs.Select(r => (object?[])
                [Mix.Uuid(catalog.Seed, 'I', r), "DATASET", Mix.Uuid(catalog.Seed, 'D', catalog.ExperimentOfRun(r)), "RUN", catalog.RunId(r), 0L]));
        yield return new TableRows(
            "input_tags",
            ["input_uuid", "name", "value"],
            runs.Select(r => (object?[])[Mix.Uuid(catalog.Seed, 'I', r), "mlflow.data.context", "training"]));
    }

    private static object?[] Experiment(Catalog catalog, int e) =>
    [
        e,
        e == 0 ? "Default" : Catalog.Invariant($"{Words.Noun(Mix.Of(catalog.Seed, 'e', e))}-classifier-{e}"),
        catalog.Uri(Catalog.Invariant($"{e}")),
        "active",
        Catalog.Epoch,
        Catalog.RunEnd(catalog.Today.Runs.End - 1),
    ];

    private static IEnumerable<object?[]> ExperimentTags(int e)
    {
        // Quotes, a backslash, line breaks and letters beyond ASCII: what breaks dumps that are put together by hand.
        yield return ["mlflow.note.content", Catalog.Invariant($"# Experiment {e}\n\nTuning für die Kündigungsvorhersage: \"v{e}\" 🚀\n\t\\N is not null; O'Reilly's"), e];
        yield return ["mlflow.experimentKind", "custom_model_development", e];
    }

    private static object?[] Dataset(Catalog catalog, int e)
    {
        var run = catalog.DatasetRun(e)!.Value;
        return
        [
            Mix.Uuid(catalog.Seed, 'D', e),
            e,
            Catalog.Invariant($"customers-{e}"),
            Mix.Hex(catalog.Seed, 'g', e)[..8],
            "local",
            $$"""{"uri": "{{catalog.Uri(catalog.RunDirectory(run) + "/data/train.csv")}}"}""",
            """{"mlflow_colspec": [{"type": "long", "name": "customer", "required": true}, {"type": "double", "name": "monthly_charge", "required": true}]}""",
            Catalog.Invariant($$"""{"num_rows": {{1000 + e}}, "num_elements": {{5 * (1000 + e)}}}"""),
        ];
    }

    private static object?[] Run(Catalog catalog, int r)
    {
        var fate = Mix.Below(Mix.Of(catalog.Seed, 'z', r), 100);
        return
        [
            catalog.RunId(r),
            catalog.RunName(r),
            "LOCAL",
            "train.py",
            "",
            Words.User(Mix.Of(catalog.Seed, 'u', r)),
            fate < 3 ? "FAILED" : "FINISHED",
            Catalog.RunStart(r),
            Catalog.RunEnd(r),
            Mix.Hex(catalog.Seed, 'k', r / 25),
            fate == 99 ? "deleted" : "active",
            catalog.Uri(catalog.RunDirectory(r)),
            catalog.ExperimentOfRun(r),
            fate == 99 ? Catalog.RunEnd(r) + 60_000 : null,
        ];
    }

    private static IEnumerable<object?[]> Tags(Catalog catalog, int r)
    {
        var id = catalog.RunId(r);
        yield return ["mlflow.runName", catalog.RunName(r), id];
        yield return ["mlflow.user", Words.User(Mix.Of(catalog.Seed, 'u', r)), id];
        yield return ["mlflow.source.name", "train.py", id];
        yield return ["mlflow.source.type", "LOCAL", id];
        yield return ["mlflow.source.git.commit", Mix.Hex(catalog.Seed, 'k', r / 25), id];
        yield return ["team", Words.Noun(Mix.Of(catalog.Seed, 'T', r % 7)) + "s", id];
        yield return
        [
            "mlflow.log-model.history",
            $$$"""[{"run_id": "{{{id}}}", "artifact_path": "model", "flavors": {"python_function": {"env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"}, "loader_module": "mlflow.sklearn", "model_path": "model.pkl", "python_version": "3.11.9"}}, "model_uuid": "{{{Mix.Hex(catalog.Seed, 'U', r)}}}", "mlflow_version": "3.8.0"}]""",
            id,
        ];
    }

    private static IEnumerable<object?[]> Params(Catalog catalog, int r)
    {
        var id = catalog.RunId(r);
        for (var p = 0; p < Words.Params.Count; p++)
        {
            var value = Mix.Of(catalog.Seed, 'p', r, p);
            yield return [Words.Params[p], p == 7 ? (value % 2 == 0 ? "adamw" : "sgd") : Catalog.Invariant($"{Mix.Below(value, 1024)}"), id];
        }
    }

    private static IEnumerable<object?[]> LatestMetrics(Catalog catalog, int r) =>
        MetricSeries.Latest(catalog, r).Select(p => (object?[])
            [Catalog.Steps[p.Key], p.Value, MetricSeries.Time(r, p.Step), p.Step, p.IsNan, catalog.RunId(r)]);
}
