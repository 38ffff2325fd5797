using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Sources.Artifacts.Backup;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>The place in a bucket that drills put artifacts into: a folder for each drill. Nothing else may lie there.</summary>
/// <param name="settings">Of all of it. Its prefix is never empty.</param>
internal sealed class ScratchPrefix(S3StoreSettings settings, TimeProvider clock)
{
    /// <summary>Letters and digits of a drill's id, which names its folder.</summary>
    public const int IdLength = 8;

    /// <summary>What an interrupted drill has left; one that was kept to look around stays so long, too.</summary>
    private static readonly TimeSpan Leftover = TimeSpan.FromDays(7);

    public static bool IsId(string text) => text.Length == IdLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    /// <summary>Deletes the artifacts of these drills, and those that others have left a week ago or longer.</summary>
    /// <param name="drills">Their ids; at least one.</param>
    /// <returns>How many objects were deleted.</returns>
    /// <exception cref="UserError">The bucket cannot be used.</exception>
    /// <exception cref="IOException">Something could not be deleted.</exception>
    public async Task<long> ClearAsync(IReadOnlyCollection<string> drills, CancellationToken cancellationToken)
    {
        if (settings.Prefix.Trim('/').Length == 0 || drills.Count == 0 || !drills.All(IsId))
        {
            throw new ArgumentException("neither a whole bucket nor a folder of no drill is deleted", nameof(drills));
        }

        using var bucket = new S3Connection(settings, clock);
        var old = clock.GetUtcNow() - Leftover;
        var batch = new List<string>();
        long deleted = 0;
        await foreach (var there in S3Listing.RunAsync(bucket, cancellationToken))
        {
            var path = there.Path.AsSpan();
            var slash = path.IndexOf((byte)'/');
            if (slash != IdLength || System.Text.Encoding.UTF8.GetString(path[..slash]) is var folder && !IsId(folder)
                || (!drills.Contains(folder) && there.Modified > old)
                || S3Key.Of(bucket, there.Path, out _) is not { } key)
            {
                continue;
            }

            batch.Add(key);
            if (batch.Count == S3Deletion.MostAtOnce)
            {
                deleted += await DeleteAsync(bucket, batch, cancellationToken);
            }
        }

        return deleted + await DeleteAsync(bucket, batch, cancellationToken);
    }

    private static async Task<int> DeleteAsync(S3Connection bucket, List<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return 0;
        }

        foreach (var key in keys.Where(k => !S3Deletion.IsForMany(k)))
        {
            await S3Deletion.OneAsync(bucket, key, cancellationToken);
        }

        List<string> many = [.. keys.Where(S3Deletion.IsForMany)];
        var failed = many.Count == 0 ? [] : await S3Deletion.ManyAsync(bucket, many, cancellationToken);
        if (failed.Count > 0)
        {
            throw new IOException($"{failed.Count} objects below {bucket.Settings} could not be deleted, such as {failed[0].Key}: {failed[0].Code} {failed[0].Message}");
        }

        var count = keys.Count;
        keys.Clear();
        return count;
    }
}
