using System.Text;

namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>
/// Holds what a database refers to against the files that there are: both sorted by path, each read once, side by side. What must be there, and why, was
/// decided when the references were read (see <see cref="ArtifactExpectation"/>).
/// </summary>
internal sealed class ConsistencyCheck : IDisposable
{
    private readonly ArtifactRoots roots;
    private readonly long databaseNanoseconds;
    private readonly ReferenceSorter sorter;
    private readonly ConsistencyTally tally = new();

    /// <summary>Places without the slash at their ends that were found to be files, until their folder's turn comes.</summary>
    private readonly HashSet<string> filesFound = new(StringComparer.Ordinal);

    private IEnumerator<LocatedReference> references = Enumerable.Empty<LocatedReference>().GetEnumerator();
    private bool more;
    private byte[] before = [];
    private PlacedReferences? open;

    private ConsistencyCheck(ArtifactRoots roots, DateTimeOffset databaseTime, ReferenceSorter sorter)
    {
        this.roots = roots;
        databaseNanoseconds = (databaseTime - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        this.sorter = sorter;
    }

    /// <param name="references">In any order.</param>
    /// <param name="artifacts">In the order of a tree; files only.</param>
    /// <param name="roots">Where they lie.</param>
    /// <param name="databaseTime">The instant of the references: a file that is newer is no orphan.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="sorter">Null for one of the usual size.</param>
    /// <exception cref="UserError">The references do not say what must be there: a version before wrote them.</exception>
    public static async Task<ConsistencyFindings> RunAsync(
        IAsyncEnumerable<ArtifactReference> references,
        IAsyncEnumerable<FoundArtifact> artifacts,
        ArtifactRoots roots,
        DateTimeOffset databaseTime,
        CancellationToken cancellationToken,
        ReferenceSorter? sorter = null)
    {
        using var check = new ConsistencyCheck(roots, databaseTime, sorter ?? new ReferenceSorter());
        await foreach (var reference in references.WithCancellation(cancellationToken))
        {
            check.Add(reference);
        }

        check.Begin();
        await foreach (var artifact in artifacts.WithCancellation(cancellationToken))
        {
            check.Add(artifact);
        }

        return check.End();
    }

    public void Dispose()
    {
        references.Dispose();
        sorter.Dispose();
    }

    private void Add(ArtifactReference reference)
    {
        var expects = reference.Expects ?? throw new UserError(
            "what the snapshot says of the database's artifacts is of a version that did not record what must be there",
            "back up the database again: kubectl mlopsbackup backup postgres");
        if (reference.Kind is ArtifactReference.Dataset or ArtifactReference.Workspace)
        {
            // Data that was trained on, wherever it lies; and roots, which are no places of objects.
            return;
        }

        tally.AddReference(reference);
        var uri = reference.Location.Length > 0 ? reference.Location : reference.Uri;
        if (ArtifactRoots.NamesObject(uri))
        {
            // A name that leads to another name is left alone: MLflow itself stores the last of them.
            if (reference.Location.Length == 0 && ConsistencyTally.Must(reference))
            {
                tally.AddJudged(reference.Kind);
                tally.AddMissing(reference, [], MissingProblem.Dangling);
            }

            return;
        }

        switch (roots.Locate(uri, out var path))
        {
            case ArtifactPlace.Outside:
                tally.AddOutside(reference, uri);
                break;
            case ArtifactPlace.Inside when reference.Kind != ArtifactReference.Experiment:
                Add(reference, expects, path);
                break;
            default:
                // An experiment's folder is where others' are made; a file in it that is nobody's is an orphan all the same.
                break;
        }
    }

    private void Add(ArtifactReference reference, ArtifactExpectation expects, byte[] path)
    {
        if (ConsistencyTally.Must(reference))
        {
            tally.AddJudged(reference.Kind);
        }

        var named = !reference.Deleted && expects != ArtifactExpectation.Nothing;
        var line = named ? Encoding.UTF8.GetBytes((reference with { Location = "" }).ToLine()) : [];
        var kind = KindOf(reference);
        sorter.Add(new LocatedReference(path.Length == 0 ? path : [.. path, (byte)'/'], kind, expects, reference.Deleted, IsFile: false, line));
        if (named && expects == ArtifactExpectation.Files && path.Length > 0)
        {
            sorter.Add(new LocatedReference(path, kind, expects, reference.Deleted, IsFile: true, default));
        }
    }

    private static ReferenceKind KindOf(ArtifactReference reference) => reference.Kind switch
    {
        ArtifactReference.Run => reference.Column.StartsWith("tags.", StringComparison.Ordinal) ? ReferenceKind.RunFile : ReferenceKind.Run,
        ArtifactReference.LoggedModel => ReferenceKind.LoggedModel,
        ArtifactReference.ModelVersion => ReferenceKind.ModelVersion,
        ArtifactReference.Trace => ReferenceKind.Trace,
        _ => ReferenceKind.Other,
    };

    private void Begin()
    {
        references = sorter.Sorted().GetEnumerator();
        more = references.MoveNext();
    }

    private void Add(in FoundArtifact file)
    {
        tally.Files++;
        tally.Bytes += file.Size;
        var isNamed = false;
        while (more && references.Current.Key.Span.SequenceCompareTo(file.Path) <= 0)
        {
            isNamed |= Enter(references.Current, file.Path);
            more = references.MoveNext();
        }

        LeaveUntil(file.Path);
        if (open is not null)
        {
            open.AddFile(file);
            if (!open.Wanted)
            {
                tally.DeletedFiles++;
                tally.DeletedBytes += file.Size;
            }
        }
        else if (!isNamed)
        {
            AddOrphan(file);
        }
    }

    /// <returns>Whether it stands for the very file.</returns>
    private bool Enter(in LocatedReference reference, ReadOnlySpan<byte> file)
    {
        if (reference.IsFile)
        {
            return reference.Key.Span.SequenceEqual(file) && (filesFound.Add(Encoding.UTF8.GetString(file)) || true);
        }

        if (open?.Key.AsSpan().SequenceEqual(reference.Key.Span) != true)
        {
            LeaveUntil(reference.Key.Span);
            before = reference.Key.ToArray();
            open = new PlacedReferences(before, open);
        }

        open.Add(reference);
        return false;
    }

    private void LeaveUntil(ReadOnlySpan<byte> path)
    {
        while (open is not null && !open.Holds(path))
        {
            Leave(open);
            open = open.Parent;
        }
    }

    private void Leave(PlacedReferences place)
    {
        place.Close();
        if (place.DeletedRuns > 0 && place.Files > 0)
        {
            tally.DeletedRunsWithFiles += place.DeletedRuns;
        }

        if (place.Judged.Count == 0)
        {
            return;
        }

        var isFile = filesFound.Remove(Encoding.UTF8.GetString(place.Key.AsSpan().TrimEnd((byte)'/')));
        var isModel = place.Judged.Exists(r => r.Expects == ArtifactExpectation.Model);
        foreach (var reference in place.Judged)
        {
            Judge(place, reference, isFile, isModel);
        }
    }

    private void Judge(PlacedReferences place, in LocatedReference reference, bool isFile, bool isModel)
    {
        switch (reference.Expects)
        {
            case ArtifactExpectation.Trace:
                tally.TracesWithoutData += place.HasTraces ? 0 : 1;
                break;
            case ArtifactExpectation.Files or ArtifactExpectation.Model when place.Files == 0 && !(isFile && reference.Expects == ArtifactExpectation.Files):
                tally.AddMissing(reference.Reference(), place.Key, MissingProblem.Missing);
                break;
            case ArtifactExpectation.Model when !place.HasMlModel:
                tally.AddMissing(reference.Reference(), place.Key, MissingProblem.NoMlModel);
                break;
            case ArtifactExpectation.Files when reference.Kind == ReferenceKind.ModelVersion && !place.HasMlModel && !isModel && !isFile:
                // Anything may be registered as a version, though few do anything but models.
                tally.AddPlainVersion(reference.Reference());
                break;
        }
    }

    private void AddOrphan(in FoundArtifact file)
    {
        if (file.ModifiedNanoseconds > databaseNanoseconds)
        {
            tally.NewerFiles++;
        }
        else
        {
            tally.Orphans.Add(file.Path, file.Size, before, more ? references.Current.Key.Span : default);
        }
    }

    private ConsistencyFindings End()
    {
        while (more)
        {
            Enter(references.Current, []);
            more = references.MoveNext();
        }

        for (; open is not null; open = open.Parent)
        {
            Leave(open);
        }

        return tally.Findings();
    }
}
