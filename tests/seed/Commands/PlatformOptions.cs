using System.CommandLine;

namespace KubectlMlopsBackup.Seed.Commands;

/// <summary>The options that say what the platform is: the same for <c>create</c> and <c>grow</c>.</summary>
internal sealed class PlatformOptions
{
    private static readonly SeedOptions Default = new();

    private readonly Option<string?> _postgres = new("--postgres") { Description = "Where the rows go: \"host=… port=… user=… dbname=…\", password by PGPASSWORD; none without it" };
    private readonly Option<string?> _artifacts = new("--artifacts") { Description = "Directory that the artifact tree goes to; none without it" };
    private readonly Option<string?> _root = new("--artifact-root") { Description = "What the database calls that directory: file://DIR (default), mlflow-artifacts:/ or s3://…" };
    private readonly Option<int> _runs = new("--runs") { DefaultValueFactory = _ => Default.Runs };
    private readonly Option<int> _metrics = new("--metrics-per-run") { DefaultValueFactory = _ => Default.MetricsPerRun };
    private readonly Option<int> _experiments = new("--experiments") { DefaultValueFactory = _ => Default.Experiments };
    private readonly Option<int> _models = new("--logged-models") { DefaultValueFactory = _ => Default.LoggedModels };
    private readonly Option<int> _traces = new("--traces") { DefaultValueFactory = _ => Default.Traces };
    private readonly Option<string> _bytes = new("--bytes") { Description = "Size of the tree; 0: small files only", DefaultValueFactory = _ => "300MiB" };
    private readonly Option<int?> _files = new("--files") { Description = "Least number of small files; filled up with samples" };
    private readonly Option<string> _smallSize = new("--small-size") { Description = "Sizes of the small files", DefaultValueFactory = _ => "0.5KiB-50KiB" };
    private readonly Option<string> _duplicates = new("--duplicates") { Description = "Share of files that are copies of others", DefaultValueFactory = _ => "15%" };
    private readonly Option<ulong> _seed = new("--seed") { DefaultValueFactory = _ => Default.Seed };
    private readonly Option<string> _schema = new("--schema") { Description = "mlflow1, mlflow2 or mlflow3", DefaultValueFactory = _ => "mlflow3" };

    public void AddTo(Command command)
    {
        Option[] all =
            [_postgres, _artifacts, _root, _runs, _metrics, _experiments, _models, _traces, _bytes, _files, _smallSize, _duplicates, _seed, _schema];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="SeedError">An option cannot be read or is out of its range.</exception>
    public PlatformRequest Read(ParseResult parsed)
    {
        var artifacts = parsed.GetValue(_artifacts) is { } directory ? Path.GetFullPath(directory) : null;
        var postgres = parsed.GetValue(_postgres);
        if (artifacts is null && postgres is null)
        {
            throw new SeedError("want --postgres, --artifacts, or both");
        }

        var root = parsed.GetValue(_root) ?? (artifacts is null ? "mlflow-artifacts:/" : "file://" + artifacts);
        var options = new SeedOptions
        {
            Runs = parsed.GetValue(_runs),
            MetricsPerRun = parsed.GetValue(_metrics),
            Experiments = parsed.GetValue(_experiments),
            LoggedModels = parsed.GetValue(_models),
            Traces = parsed.GetValue(_traces),
            Bytes = Sizes.Bytes("--bytes", parsed.GetValue(_bytes)!),
            Files = parsed.GetValue(_files),
            SmallSize = Sizes.Range("--small-size", parsed.GetValue(_smallSize)!),
            Duplicates = Sizes.Share("--duplicates", parsed.GetValue(_duplicates)!),
            Seed = parsed.GetValue(_seed),
            Generation = parsed.GetValue(_schema) switch { "mlflow1" => 1, "mlflow2" => 2, "mlflow3" => 3, _ => 0 },
            ArtifactRoot = root.TrimEnd('/'),
        };
        options.Validate();
        return new PlatformRequest(options, postgres, artifacts);
    }
}
