using System.Text;

namespace KubectlMlopsBackup.Repository.Snapshots;

/// <summary>
/// The snapshots that are restored together: a postgres one and the first artifacts one whose time is not before it (MLflow writes a
/// file before it names it in the database, so that every file the database names is there), and the nearest configuration.
/// </summary>
internal sealed record RecoveryPoint
{
    /// <summary>
    /// 64 hex digits over the ids of its snapshots of data: that the configuration is backed up again does not change it, whatever lies nearest then.
    /// Over that of its configuration only where it has nothing else.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The moment that a recovery goes back to.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string Plan { get; init; }

    public Snapshot? Postgres { get; init; }

    public Snapshot? Artifacts { get; init; }

    public Snapshot? Config { get; init; }

    /// <summary>No component is missing, and none had to leave something out. The configuration is beside the point, unless it is all that the plan has.</summary>
    public required bool Complete { get; init; }

    public string ShortId => Id[..8];

    public IEnumerable<Snapshot> Snapshots =>
        new[] { Postgres, Artifacts, Config }.OfType<Snapshot>();

    /// <summary>The recovery points of a repository, oldest first.</summary>
    public static IReadOnlyList<RecoveryPoint> In(IReadOnlyList<Snapshot> snapshots) =>
        [.. snapshots.GroupBy(s => s.Plan).SelectMany(InPlan).OrderBy(p => p.Time)];

    /// <summary>The least of the proofs of its snapshots; null where one has none.</summary>
    public VerificationLevel? VerifiedIn(SnapshotCatalog catalog)
    {
        var proofs = Snapshots.Select(s => catalog.VerifiedBy(s.Id)?.Level).ToList();
        return proofs.Contains(null) ? null : proofs.Min();
    }

    /// <summary>What came of holding its database against its artifacts, the last time; null where nobody did, or it lacks one of them.</summary>
    public Verification? ConsistencyIn(SnapshotCatalog catalog) =>
        Postgres is { } postgres && Artifacts is { } artifacts ? catalog.ConsistencyOf(postgres.Id, artifacts.Id) : null;

    private static IEnumerable<RecoveryPoint> InPlan(IGrouping<string, Snapshot> plan)
    {
        var postgres = Of(plan, Component.Postgres);
        var artifacts = Of(plan, Component.Artifacts);
        var config = Of(plan, Component.Config);
        // A plan without a database goes back to its artifacts, one with neither to its configuration.
        var leading = postgres.Count > 0 ? postgres : artifacts.Count > 0 ? artifacts : config;
        foreach (var lead in leading)
        {
            var snapshotOfArtifacts = postgres.Count > 0
                ? artifacts.FirstOrDefault(a => a.Time >= lead.Time)
                : artifacts.Count > 0 ? lead : null;
            var snapshotOfConfig = config.OrderBy(c => (c.Time - lead.Time).Duration()).FirstOrDefault();
            var members = new[] { postgres.Count > 0 ? lead : null, snapshotOfArtifacts, snapshotOfConfig }
                .OfType<Snapshot>().ToList();
            yield return new RecoveryPoint
            {
                Id = ChunkId.Of(Encoding.ASCII.GetBytes(string.Join('+', members.Where(m => m.Component != Component.Config || m == lead).Select(m => m.Id)))).ToString(),
                Time = lead.Time,
                Plan = plan.Key,
                Postgres = postgres.Count > 0 ? lead : null,
                Artifacts = snapshotOfArtifacts,
                Config = snapshotOfConfig,
                // Without its configuration the platform's data is whole: what is missing there is made again by hand.
                Complete = (artifacts.Count == 0 || snapshotOfArtifacts is not null)
                    && members.TrueForAll(m => m.Verdict == Verdict.Complete || (m.Component == Component.Config && m != lead)),
            };
        }
    }

    private static List<Snapshot> Of(IEnumerable<Snapshot> plan, Component component) =>
        [.. plan.Where(s => s.Component == component).OrderBy(s => s.Time)];
}
