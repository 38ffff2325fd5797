using KubectlMlopsBackup.Repository.Chunking;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Repository.Writing;

namespace KubectlMlopsBackup.Sources.Artifacts.Backup;

/// <summary>Reads one file into chunks of its own. Safe for concurrent use.</summary>
internal sealed class FileWriter(
    IArtifactSource source, RepositoryWriter writer, Chunker chunker, BackupProblems problems, BackupCounters counters)
{
    private const int Tries = 2;

    private readonly StreamChunker stream = new(writer, chunker, writer.Slabs, ObjectKind.DataPack);

    public async Task WriteAsync(PendingEntry file)
    {
        var path = file.Item.Entry.Path;
        try
        {
            for (var left = Tries; ; left--)
            {
                var (entry, unchanged) = await ReadAsync(file.Item);
                if (unchanged || left == 1)
                {
                    if (!unchanged)
                    {
                        problems.Add(path, "changed while it was read: what was read may never have been there at once");
                        entry = entry with { Stamp = "" };
                    }

                    file.Complete(entry);
                    return;
                }
            }
        }
        catch (IOException e) when (!writer.Stopping.IsCancellationRequested)
        {
            problems.Add(path, e.Message);
            file.Complete(null);
        }
    }

    private async Task<(TreeEntry Entry, bool Unchanged)> ReadAsync(SourceItem item)
    {
        await using var file = await source.OpenAsync(item, writer.Stopping);
        var content = new PendingContent();
        long size = 0;
        while (file.NextStretch() is { } hole)
        {
            size += Hole(content, hole);
            size += await stream.RunAsync(
                async buffer =>
                {
                    var count = await file.ReadAsync(buffer, writer.Stopping);
                    counters.AddRead(count);
                    return count;
                },
                content);
        }

        size += Hole(content, file.HoleAtEnd);
        content.Close();
        var unchanged = await file.IsUnchangedAsync(writer.Stopping);
        var segments = await content.Completion.WaitAsync(writer.Stopping);
        return (file.Entry with { Segments = segments, Size = size }, unchanged);
    }

    private static long Hole(PendingContent content, long length)
    {
        if (length > 0)
        {
            content.AddHole(length);
        }

        return length;
    }
}
