namespace KubectlMlopsBackup.Repository.Snapshots;

/// <summary>What came of holding a database's references against an artifacts snapshot. Sizes are bytes.</summary>
/// <param name="Judged">Objects that must have artifacts.</param>
/// <param name="Missing">Of these, how many have none.</param>
/// <param name="WithoutMlModel">Models that have files, but no <c>MLmodel</c>.</param>
/// <param name="OrphanFiles">Files that nothing in the database points at.</param>
/// <param name="OrphanBytes">Of them.</param>
/// <param name="Outside">References to places that are not backed up.</param>
internal sealed record ConsistencyProof(long Judged, long Missing, long WithoutMlModel, long OrphanFiles, long OrphanBytes, long Outside)
{
    /// <summary>False: something that must be there is not. Null: all that could have been judged lies elsewhere.</summary>
    public bool? Consistent { get; init; }
}
