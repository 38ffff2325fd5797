using System.Buffers;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>
/// Draws files of a snapshot at random and looks whether the artifacts that are there have the same content. The snapshot knows the hash of every piece, so
/// nothing is fetched from the repository but its tree.
/// </summary>
internal sealed class ArtifactSample(ChunkReader reader, Snapshot snapshot, IArtifactSource source, bool exact)
{
    /// <summary>Percent of the files drawn that may be gone or changed where people work with the platform.</summary>
    private const int MayDiffer = 10;

    private const int MostNamed = 3;

    public async Task<CheckFinding> RunAsync(int count, Random random, CancellationToken cancellationToken)
    {
        var drawn = await DrawAsync(count, random, cancellationToken);
        if (drawn.Count == 0)
        {
            return CheckFinding.Skipped($"snapshot {snapshot.ShortId} has no files");
        }

        var wrong = new List<string>();
        long bytes = 0;
        foreach (var entry in drawn)
        {
            if (await DifferenceAsync(entry, cancellationToken) is { } difference)
            {
                wrong.Add($"{entry.DisplayPath} {difference}");
            }

            bytes += entry.Size;
        }

        var all = $"{Humanize.Count(drawn.Count)} of {Humanize.Count(snapshot.Stats.Files)} files drawn ({Humanize.Bytes(bytes)})";
        if (wrong.Count == 0)
        {
            return CheckFinding.Passed($"{all}, all equal by SHA-256 to snapshot {snapshot.ShortId}");
        }

        var evidence = $"{all}, {Humanize.Count(wrong.Count)} not as in snapshot {snapshot.ShortId}: {string.Join("; ", wrong.Take(MostNamed))}{(wrong.Count > MostNamed ? "; …" : "")}";
        return exact || wrong.Count * 100 > drawn.Count * MayDiffer
            ? CheckFinding.Failed(evidence)
            : new CheckFinding(CheckOutcome.Warned, evidence, Final: true);
    }

    /// <summary>Each file with the same chance, in the order of the tree, holding no more than are drawn.</summary>
    private async Task<List<TreeEntry>> DrawAsync(int count, Random random, CancellationToken cancellationToken)
    {
        var drawn = new List<(long Place, TreeEntry Entry)>(Math.Min(count, 1024));
        long files = 0;
        await using var tree = new TreeReader(reader, snapshot.Tree, $"snapshot {snapshot.ShortId}", cancellationToken);
        while (await tree.ReadAsync() is { } entry)
        {
            if (entry.Type is not (EntryType.File or EntryType.S3Object))
            {
                continue;
            }

            var place = files++;
            if (drawn.Count < count)
            {
                drawn.Add((place, entry));
            }
            else if (random.NextInt64(files) is var at && at < count)
            {
                drawn[(int)at] = (place, entry);
            }
        }

        return [.. drawn.OrderBy(d => d.Place).Select(d => d.Entry)];
    }

    /// <returns>Null where there is none.</returns>
    private async Task<string?> DifferenceAsync(TreeEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = await source.OpenAsync(new SourceItem { Entry = entry }, cancellationToken);
            if (file.Entry.Size != entry.Size)
            {
                return $"has {Humanize.Count(file.Entry.Size)} bytes instead of {Humanize.Count(entry.Size)}";
            }

            file.NextStretch();
            foreach (var segment in entry.Segments)
            {
                if (!await IsEqualAsync(file, entry, segment, cancellationToken))
                {
                    return "has other content";
                }
            }

            return null;
        }
        catch (SourceChangedException)
        {
            return "is missing";
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    private async Task<bool> IsEqualAsync(ISourceFile file, TreeEntry entry, Segment segment, CancellationToken cancellationToken)
    {
        // A hole may be larger than memory.
        var size = (int)Math.Min(segment.Length, 16 << 20);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            for (var left = segment.Length; left > 0;)
            {
                var want = (int)Math.Min(left, size);
                for (var filled = 0; filled < want;)
                {
                    var count = await file.ReadAsync(buffer.AsMemory(filled, want - filled), cancellationToken);
                    if (count == 0)
                    {
                        return false;
                    }

                    filled += count;
                }

                if (segment.IsHole ? buffer.AsSpan(0, want).ContainsAnyExcept((byte)0) : FileDelta.Expected(entry, segment, reader.Index) is { } hash && ChunkId.Of(buffer.AsSpan(0, want)) != hash)
                {
                    return false;
                }

                left -= want;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
