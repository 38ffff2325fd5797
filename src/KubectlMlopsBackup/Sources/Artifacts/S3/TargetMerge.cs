using System.Runtime.CompilerServices;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>Goes along a tree and a listing at once: both are in the order of their bytes, so neither has to be held.</summary>
internal static class TargetMerge
{
    /// <returns>
    /// Each entry with the object of its name, or null; and each object that no entry with content is named as, without an entry.
    /// </returns>
    public static async IAsyncEnumerable<(TreeEntry? Entry, S3ListedObject? There)> RunAsync(
        TreeReader tree, S3Connection bucket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var listing = S3Listing.RunAsync(bucket, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var there = await NextAsync(listing);
        while (await tree.ReadAsync() is { } entry)
        {
            if (!entry.HasContent)
            {
                yield return (entry, null);
                continue;
            }

            while (there is not null && there.Path.AsSpan().SequenceCompareTo(entry.Path) < 0)
            {
                yield return (null, there);
                there = await NextAsync(listing);
            }

            var same = there is not null && there.Path.AsSpan().SequenceEqual(entry.Path);
            yield return (entry, same ? there : null);
            there = same ? await NextAsync(listing) : there;
        }

        for (; there is not null; there = await NextAsync(listing))
        {
            yield return (null, there);
        }
    }

    private static async ValueTask<S3ListedObject?> NextAsync(IAsyncEnumerator<S3ListedObject> listing) =>
        await listing.MoveNextAsync() ? listing.Current : null;
}
