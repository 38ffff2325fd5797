using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Artifacts;

/// <summary>
/// Every artifact of a platform: whose, how large, and whose copy. Pure; no file is touched. A later day's plan holds the
/// earlier days' files first, at the same indexes, since a new file may be a copy of an old one.
/// </summary>
internal sealed class ArtifactPlan
{
    private readonly List<ArtifactFile> _files = [];
    private readonly Catalog _catalog;

    private ArtifactPlan(Catalog catalog) => _catalog = catalog;

    public IReadOnlyList<ArtifactFile> Files => _files;

    /// <summary>Index of the first file of the catalog's last day.</summary>
    public int Start { get; private set; }

    public Catalog Catalog => _catalog;

    public static ArtifactPlan Build(Catalog catalog)
    {
        var plan = new ArtifactPlan(catalog);
        foreach (var day in catalog.Days)
        {
            plan.Start = plan._files.Count;
            plan.Add(day);
        }

        return plan;
    }

    private void Add(SeedDay day)
    {
        var share = (double)day.Runs.Count / _catalog.Options.Runs;
        var bytes = (long)(_catalog.Options.Bytes * share);
        var slots = Slots(day, (int)Math.Ceiling((_catalog.Options.Files ?? 0) * share));
        var weightBytes = AddSmall(slots, bytes, day.Number);
        WeightPlan.Add(_files, Start, _catalog, day, weightBytes);
    }

    /// <summary>The small files without sizes, owner by owner.</summary>
    private List<ArtifactFile> Slots(SeedDay day, int atLeast)
    {
        var slots = new List<ArtifactFile>(Math.Max(atLeast, day.Runs.Count * 8));
        for (var run = day.Runs.Start; run < day.Runs.End; run++)
        {
            AddAll(slots, OwnerKind.Run, run, ArtifactKind.Metrics, ArtifactKind.LossPlot, ArtifactKind.MatrixPlot);
            AddModel(slots, OwnerKind.Run, run);
            if (_catalog.DatasetRun(_catalog.ExperimentOfRun(run)) == run)
            {
                AddAll(slots, OwnerKind.Run, run, ArtifactKind.Dataset);
            }
        }

        for (var model = day.Models.Start; model < day.Models.End; model++)
        {
            AddModel(slots, OwnerKind.LoggedModel, model);
        }

        for (var trace = day.Traces.Start; trace < day.Traces.End; trace++)
        {
            AddAll(slots, OwnerKind.Trace, trace, ArtifactKind.Trace);
        }

        var missing = atLeast - slots.Count;
        for (var run = 0; run < day.Runs.Count && missing > 0; run++)
        {
            var samples = (missing / day.Runs.Count) + (run < missing % day.Runs.Count ? 1 : 0);
            for (var ordinal = 0; ordinal < samples; ordinal++)
            {
                slots.Add(new ArtifactFile(OwnerKind.Run, day.Runs.Start + run, ArtifactKind.Sample, ordinal, 0, 0));
            }
        }

        return slots;
    }

    /// <returns>What is left of <paramref name="bytes"/> for weights.</returns>
    private long AddSmall(List<ArtifactFile> slots, long bytes, int day)
    {
        var (min, max) = _catalog.Options.SmallSize;
        var sizes = new double[slots.Count];
        var total = 0.0;
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = min * Math.Pow((double)max / min, Mix.Unit(Mix.Of(_catalog.Seed, 's', i, day)));
            total += sizes[i];
        }

        var scale = bytes > 0 ? Math.Min(1, bytes / 2.0 / total) : 1;
        var duplicates = _catalog.Options.Duplicates;
        var originals = new Dictionary<ArtifactKind, List<int>>();
        var owed = 0.0;
        var written = 0L;
        for (var i = 0; i < slots.Count; i++)
        {
            var own = originals.TryGetValue(slots[i].Kind, out var seen) ? seen : originals[slots[i].Kind] = [];
            owed += duplicates;
            var index = _files.Count;
            ArtifactFile file;
            if (owed >= 1 && own.Count > 0)
            {
                owed--;
                var source = own[Mix.Below(Mix.Of(_catalog.Seed, 'd', i, day), own.Count)];
                file = slots[i] with { Size = _files[source].Size, Source = source };
            }
            else
            {
                own.Add(index);
                file = slots[i] with { Size = Math.Max(64, (long)(sizes[i] * scale)), Source = index };
            }

            written += file.Size;
            _files.Add(file);
        }

        return bytes - written;
    }

    private static void AddModel(List<ArtifactFile> slots, OwnerKind owner, int index) => AddAll(
        slots, owner, index, ArtifactKind.MlModel, ArtifactKind.Conda, ArtifactKind.PythonEnv, ArtifactKind.Requirements, ArtifactKind.Pickle);

    private static void AddAll(List<ArtifactFile> slots, OwnerKind owner, int index, params ReadOnlySpan<ArtifactKind> kinds)
    {
        foreach (var kind in kinds)
        {
            slots.Add(new ArtifactFile(owner, index, kind, 0, 0, 0));
        }
    }
}
