using System.Buffers.Binary;

namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>
/// Sorts references by place, in memory up to a limit and in temporary files beyond it, so that a million runs need no more memory than a thousand.
/// </summary>
/// <param name="limit">Bytes to hold in memory.</param>
internal sealed class ReferenceSorter(long limit = ReferenceSorter.DefaultLimit) : IDisposable
{
    private const long DefaultLimit = 64 << 20;
    private const int PageSize = 1 << 20;

    /// <summary>Of each file, whether it is written or read.</summary>
    private const int BufferSize = 64 << 10;

    /// <summary>Flags, length of the key, length of the line.</summary>
    private const int Head = 9;

    /// <summary>What an entry costs beside its bytes.</summary>
    private const int Overhead = sizeof(long);

    private readonly List<byte[]> pages = [];
    private readonly List<long> entries = [];
    private readonly List<FileStream> spilled = [];
    private int used = PageSize;
    private long held;

    /// <summary>How often memory did not do.</summary>
    public int Spills => spilled.Count;

    public void Add(in LocatedReference reference)
    {
        var length = Head + reference.Key.Length + reference.Line.Length;
        if (held + length > limit && entries.Count > 0)
        {
            Spill();
        }

        if (pages.Count == 0 || used + length > pages[^1].Length)
        {
            pages.Add(new byte[Math.Max(PageSize, length)]);
            used = 0;
        }

        var entry = pages[^1].AsSpan(used, length);
        entry[0] = reference.Flags;
        BinaryPrimitives.WriteInt32LittleEndian(entry[1..], reference.Key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry[5..], reference.Line.Length);
        reference.Key.Span.CopyTo(entry[Head..]);
        reference.Line.Span.CopyTo(entry[(Head + reference.Key.Length)..]);
        entries.Add(((long)(pages.Count - 1) << 32) | (uint)used);
        used += length;
        held += length + Overhead;
    }

    /// <summary>All of them by key, once. What is handed out is valid until the next.</summary>
    public IEnumerable<LocatedReference> Sorted()
    {
        if (spilled.Count == 0)
        {
            entries.Sort(Compare);
            return entries.Select(At);
        }

        Spill();
        return Merge();
    }

    public void Dispose()
    {
        foreach (var file in spilled)
        {
            file.Dispose();
        }
    }

    private static int Compare(in LocatedReference left, in LocatedReference right)
    {
        var order = left.Key.Span.SequenceCompareTo(right.Key.Span);
        return order != 0 ? order : left.Line.Span.SequenceCompareTo(right.Line.Span);
    }

    private int Compare(long left, long right) => Compare(At(left), At(right));

    private LocatedReference At(long entry)
    {
        var bytes = pages[(int)(entry >> 32)].AsMemory((int)(uint)entry);
        var key = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[1..]);
        var line = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[5..]);
        return LocatedReference.Read(bytes.Slice(Head, key), bytes.Span[0], bytes.Slice(Head + key, line));
    }

    private void Spill()
    {
        if (entries.Count == 0)
        {
            return;
        }

        entries.Sort(Compare);
        var file = Open();
        spilled.Add(file);
        try
        {
            foreach (var entry in entries)
            {
                var page = pages[(int)(entry >> 32)];
                var at = (int)(uint)entry;
                var length = Head + BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(at + 1)) + BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(at + 5));
                file.Write(page, at, length);
            }

            file.Position = 0;
        }
        catch (IOException e)
        {
            throw Refuse(e);
        }

        entries.Clear();
        pages.Clear();
        used = PageSize;
        held = 0;
    }

    private IEnumerable<LocatedReference> Merge()
    {
        var queue = new PriorityQueue<FileStream, LocatedReference>(Comparer<LocatedReference>.Create((l, r) => Compare(l, r)));
        foreach (var file in spilled)
        {
            Next(file, queue);
        }

        while (queue.TryDequeue(out var file, out var next))
        {
            yield return next;
            Next(file, queue);
        }
    }

    private static void Next(FileStream file, PriorityQueue<FileStream, LocatedReference> queue)
    {
        Span<byte> head = stackalloc byte[Head];
        if (file.ReadAtLeast(head, Head, throwOnEndOfStream: false) < Head)
        {
            return;
        }

        var key = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
        var bytes = new byte[key + BinaryPrimitives.ReadInt32LittleEndian(head[5..])];
        file.ReadExactly(bytes);
        queue.Enqueue(file, LocatedReference.Read(bytes.AsMemory(0, key), head[0], bytes.AsMemory(key)));
    }

    /// <summary>Only our user can read it. It has no name as soon as it is open, so that nothing stays of a process that was killed.</summary>
    private static FileStream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), $"mlopsbackup-{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = BufferSize };
        try
        {
            if (OperatingSystem.IsWindows())
            {
                options.Options = FileOptions.DeleteOnClose;
                return new FileStream(path, options);
            }

            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var file = new FileStream(path, options);
            File.Delete(path);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse(e);
        }
    }

    private static UserError Refuse(Exception e) => new(
        $"{Path.GetTempPath()} cannot take the references that are too many for memory: {e.Message}",
        "set TMPDIR to a folder with some gigabytes free (in the cluster: spec.kubernetes.scratchSize)",
        inner: e);
}
