using System.Threading.Channels;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Repository.Writing;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>Decides for each entry of the source what is to be done: keep, bundle, cut, link.</summary>
internal sealed class ArtifactWalk(
    IArtifactSource source,
    PreviousTree previous,
    RepositoryWriter writer,
    SmallFileCache cache,
    BackupProblems problems,
    BackupCounters counters,
    PathShare? share,
    bool forceRead)
{
    private readonly Dictionary<(ulong Device, ulong Inode), PendingEntry> linked = [];
    private readonly List<ShareLink> links = [];
    private Bundle bundle = new();
    private int sinceFirst;

    /// <summary>Of a share: the files that have several names, in order. Another share may have others of them.</summary>
    public IReadOnlyList<ShareLink> Links => links;

    /// <param name="ordered">Every entry, in the order of the tree.</param>
    /// <param name="work">What must be read: a <see cref="Bundle"/> or a <see cref="PendingEntry"/>.</param>
    public async Task RunAsync(ChannelWriter<PendingEntry> ordered, ChannelWriter<object> work)
    {
        await foreach (var item in source.WalkAsync(share, writer.Stopping))
        {
            if (item.Problem is not null)
            {
                problems.Add(item.Entry.Path, item.Problem);
                continue;
            }

            var pending = new PendingEntry(item);
            var toRead = await DecideAsync(pending);
            await ordered.WriteAsync(pending, writer.Stopping);
            if (toRead)
            {
                await SendAsync(pending, work);
            }

            if (bundle.Files.Count > 0 && ++sinceFirst >= Bundle.LongestWait)
            {
                await SendBundleAsync(work);
            }
        }

        await SendBundleAsync(work);
        ordered.Complete();
        work.Complete();
    }

    /// <returns>Whether the file must be read; otherwise the entry is finished.</returns>
    private async ValueTask<bool> DecideAsync(PendingEntry pending)
    {
        var entry = pending.Item.Entry;
        if (!entry.HasContent || (entry.Size == 0 && pending.Item.Identity is null))
        {
            // An empty file: there is nothing to read. One that has grown since the walk is found by the next run.
            pending.Complete(entry);
            return false;
        }

        if (share is not null && pending.Item.Identity is { } name)
        {
            // No device: its number is another on another node.
            links.Add(new ShareLink(entry.DisplayPath, $"{name.Inode}.{entry.ModifiedNanoseconds}.{entry.Size}"));
        }

        if (pending.Item.Identity is { } identity && !linked.TryAdd(identity, pending))
        {
            LinkTo(linked[identity], pending);
            return false;
        }

        if (!forceRead && await KeepAsync(entry) is { } kept)
        {
            counters.AddUnchanged();
            pending.Complete(kept);
            return false;
        }

        return true;
    }

    private async ValueTask<TreeEntry?> KeepAsync(TreeEntry entry)
    {
        var before = await previous.FindAsync(entry);
        if (before is null || !before.HasContent || entry.Stamp.Length == 0 || before.Stamp != entry.Stamp
            || before.Size != entry.Size || before.ModifiedNanoseconds != entry.ModifiedNanoseconds
            || !StillThere(before))
        {
            return null;
        }

        if (before.ContentHash != default && before.Segments is [var where])
        {
            cache.Add(before.ContentHash, where);
        }

        return entry with { Segments = before.Segments, ContentHash = before.ContentHash };
    }

    private bool StillThere(TreeEntry entry)
    {
        foreach (var segment in entry.Segments)
        {
            if (!segment.IsHole && !writer.Has(segment.Chunk))
            {
                return false;
            }
        }

        return true;
    }

    private void LinkTo(PendingEntry first, PendingEntry second) =>
        first.Completion.ContinueWith(
            done =>
            {
                if (done.Result is null)
                {
                    problems.Add(second.Item.Entry.Path, $"is a hard link of {first.Item.Entry.DisplayPath}, which could not be read");
                }

                second.Complete(done.Result is { } entry
                    ? entry with { Type = EntryType.HardLink, Path = second.Item.Entry.Path, Target = entry.Path }
                    : null);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

    private async ValueTask SendAsync(PendingEntry pending, ChannelWriter<object> work)
    {
        if (pending.Item.Entry.Size >= Bundle.FilesBelow)
        {
            await work.WriteAsync(pending, writer.Stopping);
        }
        else if (bundle.Add(pending))
        {
            await SendBundleAsync(work);
        }
    }

    private async ValueTask SendBundleAsync(ChannelWriter<object> work)
    {
        if (bundle.Files.Count > 0)
        {
            var full = bundle;
            bundle = new Bundle();
            sinceFirst = 0;
            await work.WriteAsync(full, writer.Stopping);
        }
    }
}
