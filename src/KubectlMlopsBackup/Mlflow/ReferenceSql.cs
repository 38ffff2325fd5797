namespace KubectlMlopsBackup.Mlflow;

/// <summary>
/// SQL that reads references with all that the database alone can say of them: whether they are deleted, which experiment they belong to, what must lie
/// there, and where a URI that names another object leads. It asks only for what the schema at hand has.
/// </summary>
internal static class ReferenceSql
{
    public const string Files = "files";
    public const string Model = "model";
    public const string Trace = "trace";

    private const string Nothing = "'-'";
    private const string None = "NULL::text";
    private const string ModelsScheme = "models:/";
    private const string RunsScheme = "runs:/";

    /// <summary>What a run's tags name is no column that could be rewritten.</summary>
    public static ArtifactColumn Tags { get; } = new(ArtifactReference.Run, "tags", "value", ["run_uuid", "key"]);

    /// <returns>Null where this version's table lacks a column that is needed.</returns>
    public static string? Of(ArtifactColumn column, MlflowTables tables)
    {
        var ids = column.Ids.Select(names => names.Split('|').FirstOrDefault(n => tables.Has(column.Table, n))).ToArray();
        if (!tables.Has(column.Table, column.Column) || ids.Contains(null))
        {
            return null;
        }

        var part = column.Table switch
        {
            "experiments" => new Part("x.experiment_id::text", Nothing, None, ""),
            "runs" => InExperiment(tables, "runs", Nothing, None),
            "model_versions" => OfVersions(column, tables),
            "logged_models" => OfLoggedModels(tables),
            "trace_tags" => OfTraces(ids[0]!, tables),
            _ => new Part(None, Nothing, None, ""),
        };
        var deleted = column.StateColumn is { } state && tables.Has(column.Table, state) ? $"coalesce(x.{state} = '{column.DeletedState}', false)" : "false";
        return $"SELECT {string.Join(" || '/' || ", ids.Select(i => $"x.{i}::text"))}, {deleted} OR {part.Deleted}, x.{column.Column}::text, {part.Experiment}, "
            + $"{part.Expects}, {part.Location} FROM {tables.Quoted(column.Table)} x{part.Joins} "
            + $"WHERE x.{column.Column} IS NOT NULL{(column.Filter is { } filter ? $" AND x.{filter}" : "")} ORDER BY {string.Join(", ", ids.Select(i => $"x.{i}"))}";
    }

    /// <summary>The tags in which runs say what they logged.</summary>
    public static string? OfTags(MlflowTables tables)
    {
        if (!tables.Has("tags", "run_uuid") || !tables.Has("tags", "key") || !tables.Has("tags", "value") || !tables.Has("runs", "artifact_uri"))
        {
            return null;
        }

        var part = InExperiment(tables, "runs", Nothing, None);
        var deleted = tables.Has("runs", "lifecycle_stage") ? "coalesce(x.lifecycle_stage = 'deleted', false)" : "false";
        return $"SELECT t.run_uuid::text, {deleted} OR {part.Deleted}, t.value::text, {part.Experiment}, t.key::text, x.artifact_uri::text "
            + $"FROM {tables.Quoted("tags")} t JOIN {tables.Quoted("runs")} x ON x.run_uuid = t.run_uuid{part.Joins} "
            + $"WHERE t.key IN ('{RunTagValue.LoggedModels}', '{RunTagValue.LoggedArtifacts}') AND t.value IS NOT NULL AND x.artifact_uri <> '' "
            + "ORDER BY t.run_uuid, t.key";
    }

    /// <summary>What is in a deleted experiment is deleted with it, though old servers did not mark it.</summary>
    private static Part InExperiment(MlflowTables tables, string table, string expects, string location)
    {
        if (!tables.Has(table, "experiment_id"))
        {
            return new Part(None, expects, location, "");
        }

        return tables.Has("experiments", "experiment_id") && tables.Has("experiments", "lifecycle_stage")
            ? new Part(
                "x.experiment_id::text", expects, location, $" LEFT JOIN {tables.Quoted("experiments")} e ON e.experiment_id = x.experiment_id",
                "coalesce(e.lifecycle_stage = 'deleted', false)")
            : new Part("x.experiment_id::text", expects, location, "");
    }

    /// <summary>
    /// A version that is ready is loaded from <c>storage_location</c>, or where that is not set from <c>source</c>, which may name a logged model, another
    /// version, or a path of a run.
    /// </summary>
    private static Part OfVersions(ArtifactColumn column, MlflowTables tables)
    {
        var ready = tables.Has("model_versions", "status") ? "coalesce(x.status, 'READY') = 'READY'" : "true";
        var joins = "";
        var experiment = None;
        if (tables.Has("model_versions", "run_id") && tables.Has("runs", "experiment_id"))
        {
            joins = $" LEFT JOIN {tables.Quoted("runs")} r ON r.run_uuid = x.run_id";
            experiment = "r.experiment_id::text";
        }

        if (column.Column == "storage_location")
        {
            return new Part(experiment, $"CASE WHEN {ready} THEN '{Files}' ELSE {Nothing} END", None, joins);
        }

        var stored = tables.Has("model_versions", "storage_location") ? "coalesce(x.storage_location, '') <> ''" : "false";
        var named = $"substr(x.source, {ModelsScheme.Length + 1})";
        var places = new List<string>();
        if (tables.Has("logged_models", "artifact_location"))
        {
            joins += $" LEFT JOIN {tables.Quoted("logged_models")} l ON x.source LIKE '{ModelsScheme}%' AND l.model_id = split_part({named}, '/', 1)";
            places.Add("l.artifact_location::text");
        }

        joins += $" LEFT JOIN {tables.Quoted("model_versions")} o ON x.source LIKE '{ModelsScheme}%' AND o.name = split_part({named}, '/', 1) "
            + $"AND o.version::text = split_part({named}, '/', 2)";
        places.Add(tables.Has("model_versions", "storage_location") ? "coalesce(nullif(o.storage_location, ''), o.source)::text" : "o.source::text");
        if (tables.Has("runs", "artifact_uri"))
        {
            var run = $"split_part(substr(x.source, {RunsScheme.Length + 1}), '/', 1)";
            joins += $" LEFT JOIN {tables.Quoted("runs")} s ON x.source LIKE '{RunsScheme}%' AND s.run_uuid = {run}";
            places.Add($"rtrim(s.artifact_uri, '/') || substr(x.source, {RunsScheme.Length + 1} + length({run}))");
        }

        return new Part(experiment, $"CASE WHEN {ready} AND NOT {stored} THEN '{Files}' ELSE {Nothing} END", $"coalesce({string.Join(", ", places)})", joins);
    }

    /// <summary>
    /// MLflow sets the status once the upload is complete: 2 is ready. A model that is external lies elsewhere, and says so in a tag.
    /// </summary>
    private static Part OfLoggedModels(MlflowTables tables)
    {
        var part = InExperiment(tables, "logged_models", $"'{Model}'", None);
        var ready = tables.Has("logged_models", "status") ? "lower(x.status::text) IN ('2', 'ready')" : "true";
        if (!tables.Has("logged_model_tags", "model_id"))
        {
            return part with { Expects = $"CASE WHEN {ready} THEN '{Model}' ELSE {Nothing} END" };
        }

        return part with
        {
            Expects = $"CASE WHEN {ready} AND t.model_id IS NULL THEN '{Model}' ELSE {Nothing} END",
            Joins = part.Joins + $" LEFT JOIN {tables.Quoted("logged_model_tags")} t ON t.model_id = x.model_id "
                + "AND t.tag_key = 'mlflow.model.isExternal' AND lower(t.tag_value) = 'true'",
        };
    }

    /// <summary>Newer servers keep the spans in the database, and say so in a tag; a trace that is still running has none yet.</summary>
    private static Part OfTraces(string id, MlflowTables tables)
    {
        var joins = $" LEFT JOIN {tables.Quoted("trace_tags")} p ON p.{id} = x.{id} AND p.key = 'mlflow.trace.spansLocation' AND p.value = 'TRACKING_STORE'";
        var there = $"p.{id} IS NULL";
        var experiment = None;
        var info = tables.Has("trace_info", "request_id") ? "request_id" : tables.Has("trace_info", "trace_id") ? "trace_id" : null;
        if (info is not null)
        {
            joins += $" LEFT JOIN {tables.Quoted("trace_info")} i ON i.{info} = x.{id}";
            there += tables.Has("trace_info", "status") ? " AND i.status IN ('OK', 'ERROR')" : "";
            experiment = tables.Has("trace_info", "experiment_id") ? "i.experiment_id::text" : None;
        }

        var deleted = "false";
        if (experiment != None && tables.Has("experiments", "lifecycle_stage"))
        {
            joins += $" LEFT JOIN {tables.Quoted("experiments")} e ON e.experiment_id = i.experiment_id";
            deleted = "coalesce(e.lifecycle_stage = 'deleted', false)";
        }

        return new Part(experiment, $"CASE WHEN {there} THEN '{Trace}' ELSE {Nothing} END", None, joins, deleted);
    }

    /// <summary>What a table adds to the common query. <c>x</c> is the table itself.</summary>
    private sealed record Part(string Experiment, string Expects, string Location, string Joins, string Deleted = "false");
}
