namespace KubectlMlopsBackup.Seed.Artifacts;

internal enum ArtifactKind : byte
{
    Metrics,
    LossPlot,
    MatrixPlot,
    MlModel,
    Conda,
    PythonEnv,
    Requirements,

    /// <summary>A small fitted model or preprocessor; the same owner may have weights beside it.</summary>
    Pickle,

    /// <summary>Large and incompressible.</summary>
    Weights,
    Dataset,
    Trace,

    /// <summary>Fills the tree up to the wanted number of files.</summary>
    Sample,
}
