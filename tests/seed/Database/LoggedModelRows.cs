using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>MLflow 3's logged models: artifacts that lie outside the tree of the run that made them.</summary>
internal static class LoggedModelRows
{
    /// <summary>The value that MLflow gives a model whose upload is complete.</summary>
    private const int Ready = 2;

    public static IEnumerable<TableRows> Of(Catalog catalog)
    {
        var models = Enumerable.Range(catalog.Today.Models.Start, catalog.Today.Models.Count);
        yield return new TableRows(
            "logged_models",
            [
                "model_id", "experiment_id", "name", "artifact_location", "creation_timestamp_ms", "last_updated_timestamp_ms",
                "status", "lifecycle_stage", "model_type", "source_run_id", "status_message",
            ],
            models.Select(m => Model(catalog, m)));
        yield return new TableRows(
            "logged_model_metrics",
            [
                "model_id", "metric_name", "metric_timestamp_ms", "metric_step", "metric_value", "experiment_id", "run_id",
                "dataset_uuid", "dataset_name", "dataset_digest",
            ],
            models.SelectMany(m => Metrics(catalog, m)));
        yield return new TableRows(
            "logged_model_params",
            ["model_id", "experiment_id", "param_key", "param_value"],
            models.SelectMany(m => Words.Params.Select((key, p) => (object?[])
                [catalog.ModelId(m), Experiment(catalog, m), key, Catalog.Invariant($"{Mix.Of(catalog.Seed, 'P', m, p) % 512}")])));
        yield return new TableRows(
            "logged_model_tags",
            ["model_id", "experiment_id", "tag_key", "tag_value"],
            models.Select(m => (object?[])
                [catalog.ModelId(m), Experiment(catalog, m), "mlflow.user", Words.User(Mix.Of(catalog.Seed, 'u', catalog.RunOfModel(m)))]));

        // How MLflow 3 says that a run made a model.
        yield return new TableRows(
            "inputs",
            ["input_uuid", "source_type", "source_id", "destination_type", "destination_id", "step"],
            models.Select(m => (object?[])
                [Mix.Uuid(catalog.Seed, 'O', m), "RUN_OUTPUT", catalog.RunId(catalog.RunOfModel(m)), "MODEL_OUTPUT", catalog.ModelId(m), 0L]));
    }

    private static int Experiment(Catalog catalog, int model) => catalog.ExperimentOfRun(catalog.RunOfModel(model));

    private static object?[] Model(Catalog catalog, int m)
    {
        var run = catalog.RunOfModel(m);
        return
        [
            catalog.ModelId(m), Experiment(catalog, m), "model", catalog.Uri(catalog.ModelDirectory(m)),
            Catalog.RunEnd(run), Catalog.RunEnd(run) + 500, Ready, "active", "", catalog.RunId(run), null,
        ];
    }

    private static IEnumerable<object?[]> Metrics(Catalog catalog, int m)
    {
        var run = catalog.RunOfModel(m);
        var experiment = Experiment(catalog, m);
        foreach (var point in MetricSeries.Latest(catalog, run).Take(4))
        {
            yield return
            [
                catalog.ModelId(m), Catalog.Steps[point.Key], MetricSeries.Time(run, point.Step), point.Step, point.Value, experiment,
                catalog.RunId(run), Mix.Uuid(catalog.Seed, 'D', experiment), Catalog.Invariant($"customers-{experiment}"),
                Mix.Hex(catalog.Seed, 'g', experiment)[..8],
            ];
        }
    }
}
