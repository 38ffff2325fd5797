namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>What came of holding a database's references against the artifacts. Sizes are bytes. Lists are cut, the counts beside them are not.</summary>
internal sealed record ConsistencyFindings
{
    /// <summary>Objects that must have artifacts below the root, by kind: those that were judged.</summary>
    public required IReadOnlyDictionary<string, long> Judged { get; init; }

    /// <summary>Of these, how many have no file, or name what is not in the database; by kind.</summary>
    public required IReadOnlyDictionary<string, long> Missing { get; init; }

    /// <summary>Models that have files, but no <c>MLmodel</c>; by kind.</summary>
    public required IReadOnlyDictionary<string, long> WithoutMlModel { get; init; }

    /// <summary>Both of these, by experiment: those with the most first.</summary>
    public required IReadOnlyList<ExperimentCount> Experiments { get; init; }

    /// <summary>Each of these, in the order of their paths.</summary>
    public required IReadOnlyList<MissingArtifact> Items { get; init; }

    /// <summary>Ids of model versions whose folder has no <c>MLmodel</c>, and that nothing else says to be an MLflow model.</summary>
    public required IReadOnlyList<string> PlainVersions { get; init; }

    public required long PlainVersionCount { get; init; }

    /// <summary>Traces whose data should lie among the artifacts, and does not.</summary>
    public required long TracesWithoutData { get; init; }

    /// <summary>References to places that are not backed up, by the beginning of their URIs: the most frequent first.</summary>
    public required IReadOnlyList<OutsideRoot> Outside { get; init; }

    public required long OutsideCount { get; init; }

    /// <summary>Of these, objects that must have artifacts.</summary>
    public required long OutsideUnjudged { get; init; }

    public required DeletedArtifacts Deleted { get; init; }

    public required OrphanedArtifacts Orphans { get; init; }

    /// <summary>Files that nothing refers to, since they came after the database was read.</summary>
    public required long NewerFiles { get; init; }

    public required long References { get; init; }

    public required long Files { get; init; }

    public required long Bytes { get; init; }

    /// <summary>False: something that must be there is not. Null: all that could have been judged lies elsewhere.</summary>
    public bool? Consistent =>
        Missing.Count + WithoutMlModel.Count > 0 ? false : Judged.Count == 0 && OutsideUnjudged > 0 ? null : true;

    public long MissingCount => Missing.Values.Sum();

    public long WithoutMlModelCount => WithoutMlModel.Values.Sum();

    public long JudgedCount => Judged.Values.Sum();
}

/// <param name="Experiment">Its id; empty where none is known.</param>
/// <param name="Count">Objects of it that miss something.</param>
internal sealed record ExperimentCount(string Experiment, long Count);

/// <param name="Root">Scheme and host or bucket, or the first folder.</param>
/// <param name="Count">References.</param>
internal sealed record OutsideRoot(string Root, long Count);

/// <summary>Objects that are marked as deleted and are still in the database: <c>mlflow gc</c> would remove them.</summary>
/// <param name="Runs">Runs.</param>
/// <param name="Experiments">Experiments.</param>
/// <param name="Others">Logged models and model versions.</param>
/// <param name="RunsWithFiles">Runs whose artifacts are still there.</param>
/// <param name="Files">Files that only deleted objects point at.</param>
/// <param name="Bytes">Of them.</param>
internal sealed record DeletedArtifacts(long Runs, long Experiments, long Others, long RunsWithFiles, long Files, long Bytes);

/// <summary>Files that nothing in the database points at.</summary>
/// <param name="Files">All.</param>
/// <param name="Bytes">Of them.</param>
/// <param name="Places">Folders (or single files) that they are in.</param>
/// <param name="Largest">The largest of these.</param>
internal sealed record OrphanedArtifacts(long Files, long Bytes, long Places, IReadOnlyList<OrphanPlace> Largest);
