namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>What a reference is of, as far as the check tells them apart.</summary>
internal enum ReferenceKind
{
    Other,

    /// <summary>A run's own place.</summary>
    Run,

    /// <summary>What a run's tag names.</summary>
    RunFile,

    LoggedModel,
    ModelVersion,
    Trace,
}
