using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>A row of <c>list</c>. Sizes are bytes.</summary>
internal sealed record ListedSnapshot
{
    public required string Id { get; init; }

    public required string Repository { get; init; }

    public required Component Component { get; init; }

    public required string Plan { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required Verdict Verdict { get; init; }

    public required long Files { get; init; }

    public required long Bytes { get; init; }

    public required long BytesNew { get; init; }

    public required long BytesStored { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The deepest proof; null where there is none.</summary>
    public VerificationLevel? Verified { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    public required string Source { get; init; }

    public static ListedSnapshot Of(OpenRepository repository, Snapshot snapshot)
    {
        var proof = repository.Catalog.VerifiedBy(snapshot.Id);
        return new ListedSnapshot
        {
            Id = snapshot.Id,
            Repository = repository.Name,
            Component = snapshot.Component,
            Plan = snapshot.Plan,
            Time = snapshot.Time,
            Verdict = snapshot.Verdict,
            Files = snapshot.Stats.Files,
            Bytes = snapshot.Stats.Bytes,
            BytesNew = snapshot.Stats.BytesNew,
            BytesStored = snapshot.Stats.BytesStored,
            Seconds = snapshot.Stats.Seconds,
            Verified = proof?.Level,
            VerifiedAt = proof?.Time,
            Source = snapshot.Source,
        };
    }
}
