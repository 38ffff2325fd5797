using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>An object of the database whose artifacts are not what they must be.</summary>
/// <param name="Kind"><c>run</c>, <c>logged_model</c> or <c>model_version</c>.</param>
/// <param name="Id">Of the object; <c>name/version</c> for a model version.</param>
/// <param name="Experiment">Its id; empty where none is known.</param>
/// <param name="Uri">As MLflow wrote it; of what a run's tag names, <c>runs:/ID/PATH</c>.</param>
/// <param name="Path">Where that is below the root of the artifacts; empty where it is nowhere.</param>
/// <param name="Problem">What is wrong.</param>
internal sealed record MissingArtifact(string Kind, string Id, string Experiment, string Uri, string Path, MissingProblem Problem);

internal enum MissingProblem
{
    /// <summary>There is no file at all.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <summary>There are files, but no <c>MLmodel</c>.</summary>
    [JsonStringEnumMemberName("noMlModel")]
    NoMlModel,

    /// <summary>It names a run, model or version that is not in the database.</summary>
    [JsonStringEnumMemberName("dangling")]
    Dangling,
}
