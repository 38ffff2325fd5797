using System.Buffers;
using KubectlMlopsBackup.Repository.Chunking;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>Writes a tree's lines into the repository. Entries come in the order of a tree. One caller at a time.</summary>
internal sealed class TreeWriter(RepositoryWriter writer, Chunker chunker)
{
    private readonly ArrayBufferWriter<byte> lines = new(chunker.Parameters.Max);
    private readonly PendingContent content = new();
    private TreeEntry? last;
    private long entries;

    public async ValueTask AddAsync(TreeEntry entry)
    {
        if (last is not null && TreePath.Compare(last, entry) >= 0)
        {
            throw new InvalidOperationException($"the tree is out of order: {last.DisplayPath} before {entry.DisplayPath}");
        }

        last = entry;
        entries++;
        TreeLine.Write(lines, entry);
        if (lines.WrittenCount >= chunker.Parameters.Max)
        {
            await CutAsync(chunker.Parameters.Max);
        }
    }

    /// <summary>Writes the rest and waits for the tree's chunks to get their ids.</summary>
    public async Task<TreeRef> FinishAsync()
    {
        await CutAsync(1);
        content.Close();
        var segments = await content.Completion.WaitAsync(writer.Stopping);
        return new TreeRef([.. segments.Select(s => s.Chunk.ToString())], entries);
    }

    private async ValueTask CutAsync(int whileAtLeast)
    {
        var rest = lines.WrittenMemory;
        while (rest.Length >= whileAtLeast)
        {
            var length = chunker.FindBorder(rest.Span);
            var slab = await writer.TreeSlabs.RentAsync(writer.Stopping);
            rest[..length].CopyTo(slab.Buffer);
            await writer.EnqueueAsync(
                new ChunkJob(slab, 0, length, ObjectKind.TreePack, content, content.Reserve(length)));
            rest = rest[length..];
        }

        var left = rest.ToArray();
        lines.ResetWrittenCount();
        lines.Write(left);
    }
}
