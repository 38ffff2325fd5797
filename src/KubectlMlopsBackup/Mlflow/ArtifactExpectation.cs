namespace KubectlMlopsBackup.Mlflow;

/// <summary>What must lie where an artifact URI points, for the platform to work. Judged at the instant that the URI is read.</summary>
internal enum ArtifactExpectation
{
    /// <summary>Perhaps nothing: MLflow makes folders when the first file comes.</summary>
    Nothing,

    /// <summary>A file, or a folder with at least one.</summary>
    Files,

    /// <summary>A folder with an <c>MLmodel</c> in it: without that file MLflow loads no model.</summary>
    Model,

    /// <summary>A trace's <c>traces.json</c>. MLflow may lose one itself (they are sent in the background): told, never held against it.</summary>
    Trace,
}
