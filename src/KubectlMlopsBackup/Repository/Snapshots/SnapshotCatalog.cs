using KubectlMlopsBackup.Repository.Crypto;

namespace KubectlMlopsBackup.Repository.Snapshots;

/// <summary>All snapshots of a repository, oldest first, with what is known of them.</summary>
internal sealed record SnapshotCatalog
{
    public required IReadOnlyList<Snapshot> Snapshots { get; init; }

    /// <summary>Key of each snapshot's object, by its id.</summary>
    public required IReadOnlyDictionary<string, string> Keys { get; init; }

    public required IReadOnlyList<Receipt> Receipts { get; init; }

    /// <summary>Keys of the receipts of each snapshot, by its id: two, where two runs wrote the one that was missing.</summary>
    public required ILookup<string, string> ReceiptKeys { get; init; }

    public required IReadOnlyList<(string Key, Verification Value)> Verifications { get; init; }

    /// <summary>Objects that could not be read.</summary>
    public required IReadOnlyList<RepositoryDamagedException> Damaged { get; init; }

    public static async Task<SnapshotCatalog> LoadAsync(
        BackupRepository repository, CancellationToken cancellationToken)
    {
        var receipts = ObjectReader.ReadAllAsync(
            repository,
            Receipt.Prefix,
            ObjectKind.Receipt,
            Receipt.MaxSize,
            (bytes, key) => ObjectReader.Json(bytes, key, RepositoryJson.Default.Receipt),
            cancellationToken);
        var verifications = ObjectReader.ReadAllAsync(
            repository,
            Verification.Prefix,
            ObjectKind.Verification,
            Verification.MaxSize,
            (bytes, key) => ObjectReader.Json(bytes, key, RepositoryJson.Default.Verification),
            cancellationToken);
        // After the receipts: a snapshot that is committed meanwhile may lack one, but no receipt its snapshot.
        await receipts;
        var snapshots = ObjectReader.ReadAllAsync(
            repository, Snapshot.Prefix, ObjectKind.Snapshot, Snapshot.MaxSize, Snapshot.FromJson, cancellationToken);
        await Task.WhenAll(snapshots, verifications);

        var found = (await snapshots).Found.DistinctBy(s => s.Value.Id).ToList();
        return new SnapshotCatalog
        {
            Snapshots = [.. found.Select(s => s.Value).OrderBy(s => s.Time).ThenBy(s => s.Finished)],
            Keys = found.ToDictionary(s => s.Value.Id, s => s.Key),
            Receipts = [.. (await receipts).Found.Select(r => r.Value)],
            ReceiptKeys = (await receipts).Found.ToLookup(r => r.Value.Snapshot, r => r.Key),
            Verifications = (await verifications).Found,
            Damaged = [.. (await snapshots).Damaged, .. (await receipts).Damaged, .. (await verifications).Damaged],
        };
    }

    public IEnumerable<Snapshot> WithoutReceipt => Snapshots.Where(s => !ReceiptKeys.Contains(s.Id));

    public Snapshot? Latest(Component component, string? plan = null) =>
        Snapshots.LastOrDefault(s => s.Component == component && (plan is null || s.Plan == plan));

    /// <summary>The deepest proof of a snapshot, and when it was given last; null where there is none.</summary>
    public Verification? VerifiedBy(string id) =>
        Verifications
            .Select(v => v.Value)
            .Where(v => v.Level != VerificationLevel.Mlflow && v.Snapshots.Contains(id))
            .OrderByDescending(v => v.Level)
            .ThenByDescending(v => v.Time)
            .FirstOrDefault();

    /// <summary>The last time that a database snapshot was held against an artifacts one; null where it never was.</summary>
    public Verification? ConsistencyOf(string postgres, string artifacts) =>
        Verifications
            .Select(v => v.Value)
            .Where(v => v is { Level: VerificationLevel.Mlflow, Consistency: not null } && v.Snapshots.Contains(postgres) && v.Snapshots.Contains(artifacts))
            .MaxBy(v => v.Time);

    /// <param name="prefix">At least 4 digits of an id.</param>
    /// <exception cref="UserError">None or several fit.</exception>
    public Snapshot Find(string prefix, string location)
    {
        var matches = prefix.Length < 4
            ? []
            : Snapshots.Where(s => s.Id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        return matches.Count == 1
            ? matches[0]
            : throw new UserError(
                matches.Count == 0
                    ? $"{location} has no snapshot {prefix}"
                    : $"{matches.Count} snapshots of {location} begin with {prefix}",
                "kubectl mlopsbackup list shows the ids; give at least 4 digits",
                ExitCode.Usage);
    }
}
