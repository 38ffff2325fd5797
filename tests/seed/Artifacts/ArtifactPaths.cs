using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Artifacts;

/// <summary>Where a planned file lies, relative to the root of the artifacts.</summary>
internal static class ArtifactPaths
{
    public static string Of(Catalog catalog, ArtifactFile file) => $"{Directory(catalog, file)}/{Name(file)}";

    /// <summary>The directory that the database names: run, logged model or trace.</summary>
    public static string Directory(Catalog catalog, ArtifactFile file) => file.OwnerKind switch
    {
        OwnerKind.Run => catalog.RunDirectory(file.Owner),
        OwnerKind.LoggedModel => catalog.ModelDirectory(file.Owner),
        _ => catalog.TraceDirectory(file.Owner),
    };

    public static string Name(ArtifactFile file)
    {
        // A run keeps its model in a folder of that name; a logged model is the folder.
        var model = file.OwnerKind == OwnerKind.Run ? "model/" : "";
        return file.Kind switch
        {
            ArtifactKind.Metrics => "metrics.json",
            ArtifactKind.LossPlot => "plots/loss.png",
            ArtifactKind.MatrixPlot => "plots/confusion_matrix.png",
            ArtifactKind.MlModel => model + "MLmodel",
            ArtifactKind.Conda => model + "conda.yaml",
            ArtifactKind.PythonEnv => model + "python_env.yaml",
            ArtifactKind.Requirements => model + "requirements.txt",
            ArtifactKind.Pickle => model + "model.pkl",
            ArtifactKind.Weights when file.Ordinal == 0 => model + "model.safetensors",
            ArtifactKind.Weights => Catalog.Invariant($"{model}model-{file.Ordinal:d5}.safetensors"),
            ArtifactKind.Dataset => "data/train.csv",
            ArtifactKind.Trace => "traces.json",
            ArtifactKind.Sample => Catalog.Invariant($"eval/{file.Ordinal / 1000:d4}/sample_{file.Ordinal:d6}.json"),
            _ => throw new ArgumentOutOfRangeException(nameof(file), file.Kind, "unknown kind"),
        };
    }
}
