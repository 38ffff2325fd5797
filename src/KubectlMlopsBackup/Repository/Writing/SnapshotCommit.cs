using System.Text.Json;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>The last two writes of a run: the snapshot, which is the commit, and its receipt.</summary>
internal static class SnapshotCommit
{
    public static async Task WriteAsync(
        BackupRepository repository,
        WritingSession session,
        Snapshot snapshot,
        byte[] json,
        CancellationToken cancellationToken)
    {
        var bytes = SmallObject.Encode(session, ObjectKind.Snapshot, json);
        await repository.Store.PutAsync(
            ObjectName.Of(Snapshot.Prefix, snapshot.Time, bytes), bytes, cancellationToken);
        await WriteReceiptAsync(repository, session, snapshot, cancellationToken);
    }

    /// <summary>As above; if another process writes the same snapshot, both write the same objects.</summary>
    public static async Task WriteSameAsync(
        BackupRepository repository, Snapshot snapshot, byte[] json, CancellationToken cancellationToken)
    {
        var bytes = SmallObject.EncodeSame(repository.Secrets, ObjectKind.Snapshot, json);
        await repository.Store.PutAsync(
            ObjectName.Of(Snapshot.Prefix, snapshot.Time, bytes), bytes, cancellationToken);
        var receipt = SmallObject.EncodeSame(repository.Secrets, ObjectKind.Receipt, ReceiptOf(snapshot));
        await repository.Store.PutAsync(
            ObjectName.Of(Receipt.Prefix, snapshot.Time, receipt), receipt, cancellationToken);
    }

    /// <summary>
    /// A run that was cut off right after its commit left no receipt: the next one writes it. Only that of the newest
    /// snapshot: prune, which deletes receipts before snapshots, never deletes that one.
    /// </summary>
    public static async Task WriteMissingReceiptAsync(
        BackupRepository repository,
        WritingSession session,
        SnapshotCatalog catalog,
        Snapshot? newest,
        CancellationToken cancellationToken)
    {
        // Another run may have committed since, and prune let this one go.
        if (newest is not null
            && !catalog.ReceiptKeys.Contains(newest.Id)
            && await repository.Store.SizeAsync(catalog.Keys[newest.Id], cancellationToken) is not null)
        {
            await WriteReceiptAsync(repository, session, newest, cancellationToken);
        }
    }

    private static async Task WriteReceiptAsync(
        BackupRepository repository, WritingSession session, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var bytes = SmallObject.Encode(session, ObjectKind.Receipt, ReceiptOf(snapshot));
        await repository.Store.PutAsync(
            ObjectName.Of(Receipt.Prefix, snapshot.Time, bytes), bytes, cancellationToken);
    }

    private static byte[] ReceiptOf(Snapshot snapshot) => JsonSerializer.SerializeToUtf8Bytes(
        new Receipt(snapshot.Id, snapshot.Component, snapshot.Time), RepositoryJson.Default.Receipt);
}
