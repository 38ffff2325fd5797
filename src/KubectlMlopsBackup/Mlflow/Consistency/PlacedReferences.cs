namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>The references of one place, while the files below it go by.</summary>
/// <param name="key">The place's path with a slash at its end.</param>
/// <param name="parent">The place around it; null where there is none.</param>
internal sealed class PlacedReferences(byte[] key, PlacedReferences? parent)
{
    public byte[] Key => key;

    public PlacedReferences? Parent => parent;

    /// <summary>What must be judged when the last file has gone by. Lines are kept: what is handed out by the sorter is not.</summary>
    public List<LocatedReference> Judged { get; } = [];

    /// <summary>Somebody wants what lies here: an object that is not deleted, of this place or one around it.</summary>
    public bool Wanted { get; private set; } = parent?.Wanted == true;

    /// <summary>Runs of this place that are deleted.</summary>
    public int DeletedRuns { get; private set; }

    public long Files { get; set; }

    public long Bytes { get; set; }

    public bool HasMlModel { get; private set; }

    public bool HasTraces { get; private set; }

    public void Add(in LocatedReference reference)
    {
        Wanted |= !reference.Deleted;
        if (reference is { Deleted: true, Kind: ReferenceKind.Run })
        {
            DeletedRuns++;
        }

        if (!reference.Deleted && reference.Expects != ArtifactExpectation.Nothing)
        {
            Judged.Add(reference with { Key = key, Line = reference.Line.ToArray() });
        }
    }

    public bool Holds(ReadOnlySpan<byte> path) => path.StartsWith(key);

    public void AddFile(in FoundArtifact file)
    {
        Files++;
        Bytes += file.Size;
        var name = file.Path.AsSpan(key.Length);
        HasMlModel |= name.SequenceEqual("MLmodel"u8);
        HasTraces |= name.SequenceEqual("traces.json"u8);
    }

    /// <summary>Its files are also those of the place around it.</summary>
    public void Close()
    {
        if (parent is not null)
        {
            parent.Files += Files;
            parent.Bytes += Bytes;
        }
    }
}
