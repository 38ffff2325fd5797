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
    /// A run that was cut off right after its commit left no receipt: the next one writes it, for every snapshot that has none.
    /// </summary>
    /// <remarks>
    /// A prune may be letting the snapshot go: it deletes the receipt, then the snapshot, then whatever receipt of it came since. So of the two
    /// one sees what the other did: here, that the snapshot is gone; or there, that a receipt has come.
    /// </remarks>
    public static async Task WriteMissingReceiptsAsync(
        BackupRepository repository,
        WritingSession session,
        SnapshotCatalog catalog,
        CancellationToken cancellationToken,
        string? except = null)
    {
        foreach (var snapshot in catalog.WithoutReceipt.Where(s => s.Id != except))
        {
            var key = catalog.Keys[snapshot.Id];
            if (await repository.Store.SizeAsync(key, cancellationToken) is null)
            {
                continue;
            }

            try
            {
                var receipt = await WriteReceiptAsync(repository, session, snapshot, cancellationToken);
                if (await repository.Store.SizeAsync(key, cancellationToken) is null)
                {
                    await repository.Store.DeleteAsync(receipt, cancellationToken);
                }
            }
            catch (ObjectConflictException)
            {
                // It is there, and damaged: verify says so, and nothing is overwritten.
            }
        }
    }

    private static async Task<string> WriteReceiptAsync(
        BackupRepository repository, WritingSession session, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var bytes = SmallObject.Encode(session, ObjectKind.Receipt, ReceiptOf(snapshot));
        var key = ObjectName.Of(Receipt.Prefix, snapshot.Time, bytes);
        await repository.Store.PutAsync(key, bytes, cancellationToken);
        return key;
    }

    private static byte[] ReceiptOf(Snapshot snapshot) => JsonSerializer.SerializeToUtf8Bytes(
        new Receipt(snapshot.Id, snapshot.Component, snapshot.Time), RepositoryJson.Default.Receipt);
}
