using Amazon.Runtime;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>Deletes objects that the target has and the snapshot has not.</summary>
internal sealed class S3Cleaner(
    S3Connection bucket, RestoreOptions options, RestoreCounters counters, BackupProblems problems)
{
    public async Task RunAsync(TreeReader tree, CancellationToken cancellationToken)
    {
        var batch = new List<(byte[] Path, string Key)>();
        await foreach (var (entry, there) in TargetMerge.RunAsync(tree, bucket, cancellationToken))
        {
            if (entry is not null || there is not { Path.Length: > 0 } || !options.Filter.Selects(there.Path))
            {
                continue;
            }

            if (S3Key.Of(bucket, there.Path, out var reason) is not { } key)
            {
                problems.Add(there.Path, $"is not in the snapshot, and could not be deleted: {reason}");
            }
            else if (options.DryRun)
            {
                counters.AddDeleted();
            }
            else if (!S3Deletion.IsForMany(key))
            {
                await DeleteAsync(there.Path, key, cancellationToken);
            }
            else
            {
                batch.Add((there.Path, key));
                if (batch.Count == S3Deletion.MostAtOnce)
                {
                    await DeleteAsync(batch, cancellationToken);
                }
            }
        }

        await DeleteAsync(batch, cancellationToken);
    }

    private async Task DeleteAsync(byte[] path, string key, CancellationToken cancellationToken)
    {
        try
        {
            await S3Deletion.OneAsync(bucket, key, cancellationToken);
            counters.AddDeleted();
        }
        catch (AmazonServiceException e) when (S3Connection.IsNotFound(e))
        {
            // Gone already: nothing was deleted, and nothing is left.
        }
        catch (Exception e) when (e is IOException or AmazonServiceException || S3Faults.TroubleOf(e) == S3Trouble.Denied)
        {
            problems.Add(path, $"is not in the snapshot, and could not be deleted: {e.Message}");
        }
    }

    private async Task DeleteAsync(List<(byte[] Path, string Key)> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var failed = await S3Deletion.ManyAsync(bucket, batch.Select(b => b.Key), cancellationToken);
        foreach (var error in failed)
        {
            var path = batch.Find(b => b.Key == error.Key).Path ?? System.Text.Encoding.UTF8.GetBytes(error.Key);
            problems.Add(path, $"is not in the snapshot, and could not be deleted: {error.Code} {error.Message}");
        }

        counters.AddDeleted(batch.Count - failed.Count);
        batch.Clear();
    }
}
