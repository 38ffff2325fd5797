using System.Text.Json;

namespace KubectlMlopsBackup.Mlflow;

/// <summary>Values that are JSON: a run's tags that name what the run logged, and the source of a dataset.</summary>
internal static class RunTagValue
{
    /// <summary>Written after the model's files were: a list of models with their <c>artifact_path</c>.</summary>
    public const string LoggedModels = "mlflow.log-model.history";

    /// <summary>Written after the file was: a list of files with their <c>path</c>.</summary>
    public const string LoggedArtifacts = "mlflow.loggedArtifacts";

    /// <summary>One reference for each path below the run that the tag names.</summary>
    /// <param name="row">Its word is the tag's key, its location the run's own URI.</param>
    public static IEnumerable<ArtifactReference> Of(ReferenceRow row)
    {
        var isModel = row.Word == LoggedModels;
        foreach (var path in Paths(row.Value, isModel ? "artifact_path" : "path").Distinct(StringComparer.Ordinal))
        {
            yield return new ArtifactReference(ArtifactReference.Run, row.Id, row.Deleted, $"tags.{row.Word}", $"runs:/{row.Id}/{path}")
            {
                ExperimentId = row.ExperimentId,
                Expects = isModel ? ArtifactExpectation.Model : ArtifactExpectation.Files,
                Location = $"{row.Location.TrimEnd('/')}/{path}",
            };
        }
    }

    /// <summary>A dataset's source is JSON whose form depends on its type; those with a URI name it <c>uri</c>.</summary>
    public static IEnumerable<ArtifactReference> OfDataset(ReferenceRow row)
    {
        try
        {
            using var json = JsonDocument.Parse(row.Value);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("uri", out var uri) && uri.ValueKind == JsonValueKind.String
                    ? [row.ToReference(uri.GetString()!)]
                    : [];
        }
        catch (JsonException)
        {
            return row.Value.Contains(":/", StringComparison.Ordinal) ? [row.ToReference(row.Value)] : [];
        }
    }

    /// <summary>
    /// Relative paths only: MLflow 3 names a model's own place, which is judged as that of the logged model. A value that was cut, as older servers
    /// did with long ones, names nothing.
    /// </summary>
    private static List<string> Paths(string value, string property)
    {
        var paths = new List<string>();
        try
        {
            using var json = JsonDocument.Parse(value);
            if (json.RootElement.ValueKind == JsonValueKind.Array)
            {
                paths.AddRange(json.RootElement.EnumerateArray()
                    .Where(e => e.ValueKind == JsonValueKind.Object)
                    .Select(e => e.TryGetProperty(property, out var path) && path.ValueKind == JsonValueKind.String ? path.GetString()! : "")
                    .Where(p => p.Length > 0 && p[0] != '/' && !p.Contains("://", StringComparison.Ordinal) && !p.Contains(":/", StringComparison.Ordinal)));
            }
        }
        catch (JsonException)
        {
            // Anybody can set a tag.
        }

        return paths;
    }
}
