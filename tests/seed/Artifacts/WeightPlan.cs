using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Artifacts;

/// <summary>Large files: 1 to 100 MiB, as many as the bytes left allow, on the logged models first and then on the runs.</summary>
internal static class WeightPlan
{
    private const double Largest = 100 << 20;
    private const double Smallest = 1 << 20;

    /// <param name="files">The plan; earlier files may be copied.</param>
    /// <param name="start">Index of the day's first file.</param>
    /// <param name="bytes">How much is to be filled; nothing is added below 64.</param>
    public static void Add(List<ArtifactFile> files, int start, Catalog catalog, SeedDay day, long bytes)
    {
        if (bytes < 64)
        {
            return;
        }

        // Small platforms get several weights too, and not one that is all.
        var max = Math.Max(64, Math.Min(Largest, bytes / 8.0));
        var min = Math.Max(64, Math.Min(Smallest, max / 16));
        var owners = Owners(catalog, day);
        var copies = (long)(bytes * catalog.Options.Duplicates);
        var originals = new List<int>();
        var count = 0;
        for (var left = bytes - copies; left > 0; count++)
        {
            var unit = Mix.Unit(Mix.Of(catalog.Seed, 'w', count, day.Number));
            var size = Math.Min(left, (long)(min * Math.Pow(max / min, unit)));
            if (left - size < min)
            {
                size = left;
            }

            originals.Add(files.Count);
            files.Add(At(owners, count, size, files.Count));
            left -= size;
        }

        if (start > 0)
        {
            // A day's copies are mostly of weights that lay there before.
            originals.AddRange(Enumerable.Range(0, start).Where(i => files[i].Kind == ArtifactKind.Weights && files[i].Source == i));
        }

        originals.Sort((a, b) => files[a].Size.CompareTo(files[b].Size));
        for (var left = copies; left > 0; count++)
        {
            var fitting = originals.FindLastIndex(i => files[i].Size <= left) + 1;
            if (fitting == 0)
            {
                break;
            }

            // The upper half of what fits: else the tail of small copies would outnumber the originals.
            var pick = originals[fitting - 1 - Mix.Below(Mix.Of(catalog.Seed, 'c', count, day.Number), (fitting + 1) / 2)];
            files.Add(At(owners, count, files[pick].Size, pick));
            left -= files[pick].Size;
        }
    }

    private static ArtifactFile At(List<(OwnerKind Kind, int Index)> owners, int count, long size, int source)
    {
        var (kind, index) = owners[count % owners.Count];
        return new ArtifactFile(kind, index, ArtifactKind.Weights, count / owners.Count, size, source);
    }

    private static List<(OwnerKind Kind, int Index)> Owners(Catalog catalog, SeedDay day)
    {
        var owners = new List<(OwnerKind, int)>();
        owners.AddRange(Enumerable.Range(day.Models.Start, day.Models.Count).Select(i => (OwnerKind.LoggedModel, i)));
        owners.AddRange(Enumerable.Range(day.Runs.Start, day.Runs.Count).Select(i => (OwnerKind.Run, i)));

        // Not the first models alone: spread over the day, in an order that depends on the seed only.
        var models = day.Models.Count;
        owners.Sort(0, models, Comparer<(OwnerKind, int Index)>.Create((a, b) =>
            Mix.Of(catalog.Seed, 'o', a.Index).CompareTo(Mix.Of(catalog.Seed, 'o', b.Index))));
        owners.Sort(models, owners.Count - models, Comparer<(OwnerKind, int Index)>.Create((a, b) =>
            Mix.Of(catalog.Seed, 'p', a.Index).CompareTo(Mix.Of(catalog.Seed, 'p', b.Index))));
        return owners;
    }
}
