using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>Collects what a check finds: counts of all, names of the first.</summary>
internal sealed class ConsistencyTally
{
    private const int KeptItems = 1_000;
    private const int KeptVersions = 50;
    private const int KeptPlaces = 20;

    /// <summary>Of roots, a hostile database could have one a reference.</summary>
    private const int MostRoots = 1_000;

    private readonly SortedDictionary<string, long> judged = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> missing = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> withoutMlModel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> experiments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> outside = new(StringComparer.Ordinal);
    private readonly List<MissingArtifact> items = [];
    private readonly List<string> plainVersions = [];
    private long plainVersionCount;
    private long references;
    private long outsideCount;
    private long outsideUnjudged;
    private long deletedRuns;
    private long deletedExperiments;
    private long deletedOthers;

    public OrphanPlaces Orphans { get; } = new(KeptPlaces);

    public long TracesWithoutData { get; set; }

    public long NewerFiles { get; set; }

    public long Files { get; set; }

    public long Bytes { get; set; }

    public long DeletedRunsWithFiles { get; set; }

    public long DeletedFiles { get; set; }

    public long DeletedBytes { get; set; }

    /// <summary>Every reference, whatever becomes of it.</summary>
    public void AddReference(ArtifactReference reference)
    {
        references++;
        // What a run's tags name is not counted beside the run, nor one version's second column.
        if (!reference.Deleted || reference.Column.StartsWith("tags.", StringComparison.Ordinal) || reference.Column == "model_versions.storage_location")
        {
            return;
        }

        switch (reference.Kind)
        {
            case ArtifactReference.Run:
                deletedRuns++;
                break;
            case ArtifactReference.Experiment:
                deletedExperiments++;
                break;
            case ArtifactReference.LoggedModel or ArtifactReference.ModelVersion:
                deletedOthers++;
                break;
        }
    }

    public void AddJudged(string kind) => Add(judged, kind);

    public void AddOutside(ArtifactReference reference, string uri)
    {
        outsideCount++;
        outsideUnjudged += Must(reference) ? 1 : 0;
        var root = ArtifactMapping.Shown(ArtifactMapCheck.RootOf(uri));
        if (outside.Count < MostRoots || outside.ContainsKey(root))
        {
            Add(outside, root);
        }
    }

    /// <summary>Whether somebody would miss it.</summary>
    public static bool Must(ArtifactReference reference) =>
        !reference.Deleted && reference.Expects is ArtifactExpectation.Files or ArtifactExpectation.Model;

    public void AddMissing(ArtifactReference reference, ReadOnlySpan<byte> path, MissingProblem problem)
    {
        Add(problem == MissingProblem.NoMlModel ? withoutMlModel : missing, reference.Kind);
        Add(experiments, reference.ExperimentId);
        if (items.Count < KeptItems)
        {
            items.Add(new MissingArtifact(
                reference.Kind, reference.Id, reference.ExperimentId, ArtifactMapping.Shown(reference.Uri), TreePath.Escape(path.TrimEnd((byte)'/')), problem));
        }
    }

    public void AddPlainVersion(ArtifactReference reference)
    {
        plainVersionCount++;
        if (plainVersions.Count < KeptVersions)
        {
            plainVersions.Add(reference.Id);
        }
    }

    public ConsistencyFindings Findings()
    {
        // First: it ends the last place.
        var largest = Orphans.Largest();
        return new ConsistencyFindings
        {
            Judged = judged,
            Missing = missing,
            WithoutMlModel = withoutMlModel,
            Experiments = [.. experiments.OrderByDescending(e => e.Value).ThenBy(e => e.Key, StringComparer.Ordinal).Take(KeptPlaces)
                .Select(e => new ExperimentCount(e.Key, e.Value))],
            Items = items,
            PlainVersions = plainVersions,
            PlainVersionCount = plainVersionCount,
            TracesWithoutData = TracesWithoutData,
            Outside = [.. outside.OrderByDescending(o => o.Value).ThenBy(o => o.Key, StringComparer.Ordinal).Take(KeptPlaces)
                .Select(o => new OutsideRoot(o.Key, o.Value))],
            OutsideCount = outsideCount,
            OutsideUnjudged = outsideUnjudged,
            Deleted = new DeletedArtifacts(deletedRuns, deletedExperiments, deletedOthers, DeletedRunsWithFiles, DeletedFiles, DeletedBytes),
            Orphans = new OrphanedArtifacts(Orphans.Files, Orphans.Bytes, Orphans.Places, largest),
            NewerFiles = NewerFiles,
            References = references,
            Files = Files,
            Bytes = Bytes,
        };
    }

    private static void Add(IDictionary<string, long> counts, string key) => counts[key] = counts.TryGetValue(key, out var count) ? count + 1 : 1;
}
