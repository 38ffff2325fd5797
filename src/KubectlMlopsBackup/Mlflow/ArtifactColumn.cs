namespace KubectlMlopsBackup.Mlflow;

/// <summary>A column of MLflow's schema that holds artifact URIs. Not every version has every one.</summary>
/// <param name="Kind">What a row is.</param>
/// <param name="Table">Its table.</param>
/// <param name="Column">The column.</param>
/// <param name="Ids">Key columns; where a column was renamed between versions, its names with a bar between them.</param>
/// <param name="StateColumn">Says whether the row is deleted; null where rows are simply removed.</param>
/// <param name="DeletedState">What it says then.</param>
/// <param name="Filter">Which rows count.</param>
internal sealed record ArtifactColumn(
    string Kind,
    string Table,
    string Column,
    string[] Ids,
    string? StateColumn = null,
    string? DeletedState = null,
    string? Filter = null)
{
    /// <summary>From MLflow's <c>store/tracking/dbmodels</c> and <c>store/model_registry/dbmodels</c>, 1.0 to 3.x.</summary>
    public static readonly IReadOnlyList<ArtifactColumn> All =
    [
        new(ArtifactReference.Experiment, "experiments", "artifact_location", ["experiment_id"], "lifecycle_stage", "deleted"),
        new(ArtifactReference.Run, "runs", "artifact_uri", ["run_uuid"], "lifecycle_stage", "deleted"),
        new(ArtifactReference.ModelVersion, "model_versions", "source", ["name", "version"], "current_stage", "Deleted_Internal"),
        new(ArtifactReference.ModelVersion, "model_versions", "storage_location", ["name", "version"], "current_stage", "Deleted_Internal"),
        new(ArtifactReference.LoggedModel, "logged_models", "artifact_location", ["model_id"], "lifecycle_stage", "deleted"),
        new(ArtifactReference.Trace, "trace_tags", "value", ["request_id|trace_id"], Filter: "key = 'mlflow.artifactLocation'"),
        new(ArtifactReference.Dataset, "datasets", "dataset_source", ["dataset_uuid"]),
        new(ArtifactReference.Workspace, "workspaces", "*", ["name"]),
    ];
}
