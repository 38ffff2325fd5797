using System.Globalization;

namespace KubectlMlopsBackup.Seed.Model;

/// <summary>
/// Names and times of everything on the platform, from its index. The database rows and the artifact tree both ask here,
/// so that they cannot disagree.
/// </summary>
internal sealed class Catalog(SeedOptions options, params SeedDay[] days)
{
    /// <summary>2025-01-06T00:00:00Z, a Monday: no clock of the machine is ever read.</summary>
    public const long Epoch = 1_736_121_600_000;

    private const long RunEvery = 600_000;

    public SeedOptions Options => options;

    /// <summary>From day 0 on, without gaps.</summary>
    public IReadOnlyList<SeedDay> Days => days;

    public SeedDay Today => days[^1];

    public static string[] Steps { get; } =
        ["train_loss", "val_loss", "train_accuracy", "val_accuracy", "learning_rate", "f1_score", "precision", "recall", "roc_auc", "grad_norm"];

    public ulong Seed => options.Seed;

    /// <summary>Milliseconds since 1970.</summary>
    public static long RunStart(int run) => Epoch + (run * RunEvery);

    public static long RunEnd(int run) => RunStart(run) + 420_000;

    public int ExperimentOfRun(int run) => run % options.Experiments;

    public string RunId(int run) => Mix.Hex(Seed, 'r', run);

    public string RunDirectory(int run) => Invariant($"{ExperimentOfRun(run)}/{RunId(run)}/artifacts");

    public string RunName(int run) =>
        Invariant($"{Words.Adjective(Mix.Of(Seed, 'a', run))}-{Words.Noun(Mix.Of(Seed, 'n', run))}-{run % 1000}");

    /// <summary>The run that logged it: those of a day are spread over the runs of that day.</summary>
    public int RunOfModel(int model)
    {
        var day = days.First(d => d.Models.Contains(model));
        return day.Runs.Start + (int)((long)(model - day.Models.Start) * day.Runs.Count / day.Models.Count);
    }

    public string ModelId(int model) => "m-" + Mix.Hex(Seed, 'm', model);

    public string ModelDirectory(int model) =>
        Invariant($"{ExperimentOfRun(RunOfModel(model))}/models/{ModelId(model)}/artifacts");

    public string TraceId(int trace) => "tr-" + Mix.Hex(Seed, 't', trace);

    public int ExperimentOfTrace(int trace) => trace % options.Experiments;

    public long TraceTime(int trace)
    {
        var day = days.First(d => d.Traces.Contains(trace));
        var first = RunStart(day.Runs.Start);
        return first + (long)((double)(RunEnd(day.Runs.End - 1) - first) * (trace - day.Traces.Start) / day.Traces.Count);
    }

    public string TraceDirectory(int trace) => Invariant($"{ExperimentOfTrace(trace)}/traces/{TraceId(trace)}/artifacts");

    /// <summary>The run that holds the experiment's training set as an artifact; null where the experiment has no run.</summary>
    public int? DatasetRun(int experiment) => experiment < days[0].Runs.End ? experiment : null;

    /// <param name="path">Relative to the root; empty for the root itself.</param>
    public string Uri(string path) => path.Length == 0 ? options.ArtifactRoot : $"{options.ArtifactRoot}/{path}";

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
