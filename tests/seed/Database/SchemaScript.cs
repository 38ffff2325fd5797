using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>One generation of MLflow's schema, in two halves, so that the rows can be loaded before the indexes exist.</summary>
internal sealed record SchemaScript(string Tables, string Constraints)
{
    private const string Marker = "-- after the data";

    /// <param name="generation">1, 2 or 3.</param>
    public static SchemaScript Load(int generation)
    {
        var name = Catalog.Invariant($"Schema/mlflow{generation}.sql");
        using var stream = typeof(SchemaScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        var split = text.LastIndexOf(Marker, StringComparison.Ordinal);
        return new SchemaScript(text[..split], text[split..]);
    }
}
