namespace KubectlMlopsBackup.Mlflow.Consistency;

internal enum ArtifactPlace
{
    /// <summary>Below the root of the artifacts.</summary>
    Inside,

    /// <summary>Somewhere that is not backed up.</summary>
    Outside,

    /// <summary>No place at all: a prompt in the registry, for example, has a word in place of a URI.</summary>
    None,
}
