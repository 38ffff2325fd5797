using System.Text.Json;
using KubectlMlopsBackup.Seed;
using KubectlMlopsBackup.Seed.Artifacts;
using KubectlMlopsBackup.Seed.Database;
using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.UnitTests.Seed;

/// <summary>The rows and the tree speak of the same platform.</summary>
public sealed class ReferenceTests
{
    private const string Root = "s3://mlflow/prod";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_file_is_referenced_and_every_reference_exists(int generation)
    {
        var options = new SeedOptions
        {
            Runs = 50,
            MetricsPerRun = 10,
            Experiments = 7,
            LoggedModels = 9,
            Traces = 11,
            Bytes = 4 << 20,
            Generation = generation,
            ArtifactRoot = Root,
        };
        Catalog[] days = [PlatformSeeder.FirstDay(options), PlatformSeeder.LaterDay(options, percent: 10, day: 1)];
        var paths = Paths(days[^1]);
        var narrow = days.SelectMany(d => Uris(d, whole: false)).ToHashSet(StringComparer.Ordinal);
        Assert.All(paths, path => Assert.Contains(narrow, uri => path.StartsWith(uri[(Root.Length + 1)..] + "/", StringComparison.Ordinal)));

        var existing = paths.SelectMany(Ancestors).ToHashSet(StringComparer.Ordinal);
        Assert.All(narrow.Concat(days.SelectMany(d => Uris(d, whole: true))), uri => Assert.Contains(uri[(Root.Length + 1)..], existing));
    }

    [Fact]
    public void Models_sources_name_logged_models_that_exist()
    {
        var catalog = PlatformSeeder.FirstDay(new SeedOptions { Runs = 100, LoggedModels = 30, Bytes = 0 });
        var models = Column(catalog, "logged_models", "model_id").ToHashSet();
        var sources = Column(catalog, "model_versions", "source").Where(s => s.StartsWith("models:/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(sources);
        Assert.All(sources, s => Assert.Contains(s["models:/".Length..], models));
    }

    private static List<string> Paths(Catalog catalog)
    {
        var plan = ArtifactPlan.Build(catalog);
        return [.. plan.Files.Select(f => ArtifactPaths.Of(catalog, f))];
    }

    private static IEnumerable<string> Ancestors(string path)
    {
        for (var next = path; !string.IsNullOrEmpty(next); next = Path.GetDirectoryName(next))
        {
            yield return next;
        }
    }

    /// <param name="whole">Experiments, too, whose place holds everything, and what lies inside a run.</param>
    private static IEnumerable<string> Uris(Catalog catalog, bool whole)
    {
        if (!whole)
        {
            return [
                .. Column(catalog, "runs", "artifact_uri"),
                .. Column(catalog, "logged_models", "artifact_location"),
                .. Rows(catalog, "trace_tags").Where(r => (string?)r["key"] == "mlflow.artifactLocation").Select(r => (string)r["value"]!),
            ];
        }

        return [
            .. Column(catalog, "experiments", "artifact_location"),
            .. Column(catalog, "model_versions", "storage_location"),
            .. Column(catalog, "datasets", "dataset_source").Select(s => JsonDocument.Parse(s).RootElement.GetProperty("uri").GetString()!),
        ];
    }

    private static IEnumerable<string> Column(Catalog catalog, string table, string column) => Rows(catalog, table).Select(r => (string)r[column]!);

    private static IEnumerable<Dictionary<string, object?>> Rows(Catalog catalog, string table) =>
        RunRows.Of(catalog).Concat(LoggedModelRows.Of(catalog)).Concat(RegistryRows.Of(catalog)).Concat(TraceRows.Of(catalog))
            .Where(t => t.Table == table)
            .SelectMany(t => t.Rows.Select(r => t.Columns.Zip(r).ToDictionary(p => p.First, p => p.Second)));
}
