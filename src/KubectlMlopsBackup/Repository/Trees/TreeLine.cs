using System.Buffers;
using System.Buffers.Text;
using System.Text;
using KubectlMlopsBackup.Repository.Chunking;

namespace KubectlMlopsBackup.Repository.Trees;

/// <summary>Entries as lines and back (docs/repository-format.md, "Trees").</summary>
internal static class TreeLine
{
    /// <summary>Segments in one line; a file with more goes on in lines that begin with a plus.</summary>
    public const int SegmentsPerLine = 1000;

    /// <summary>Bytes: a thousand segments have 100 KB, a path at most 4 KiB on Linux and 1 KiB in S3.</summary>
    public const int MaxLength = 1 << 20;

    private const long NanosecondsPerSecond = 1_000_000_000;

    public static void Write(IBufferWriter<byte> line, TreeEntry entry)
    {
        Span<byte> head = stackalloc byte[160];
        var seconds = Math.DivRem(entry.ModifiedNanoseconds, NanosecondsPerSecond, out var nanoseconds);
        if (nanoseconds < 0)
        {
            seconds--;
            nanoseconds += NanosecondsPerSecond;
        }

        head[0] = (byte)entry.Type;
        head[1] = (byte)'\t';
        var n = 2;
        for (var shift = 9; shift >= 0; shift -= 3)
        {
            head[n++] = (byte)('0' + ((entry.Mode >> shift) & 7));
        }

        Number(head, ref n, entry.Uid);
        Number(head, ref n, entry.Gid);
        Number(head, ref n, seconds);
        head[n++] = (byte)'.';
        Utf8Formatter.TryFormat(nanoseconds, head[n..], out var written, new StandardFormat('D', 9));
        n += written;
        Number(head, ref n, entry.Size);
        head[n++] = (byte)'\t';
        line.Write(head[..n]);

        line.Write(entry.Stamp.Length == 0 ? "-"u8 : Encoding.UTF8.GetBytes(entry.Stamp));
        line.Write("\t"u8);
        line.Write(entry.ContentHash == default ? "-"u8 : Hex(entry.ContentHash, stackalloc byte[64]));
        line.Write("\t"u8);
        WriteSegments(line, entry.Segments, 0);
        line.Write("\t"u8);
        line.Write(Encoding.UTF8.GetBytes(TreePath.Escape(entry.Path)));
        if (entry.Target is not null)
        {
            line.Write("\t"u8);
            line.Write(Encoding.UTF8.GetBytes(TreePath.Escape(entry.Target)));
        }

        line.Write("\n"u8);
        for (var first = SegmentsPerLine; first < entry.Segments.Count; first += SegmentsPerLine)
        {
            line.Write("+\t"u8);
            WriteSegments(line, entry.Segments, first);
            line.Write("\n"u8);
        }
    }

    /// <param name="line">Without its newline.</param>
    /// <param name="entry">The entry; its segments are those of this line alone.</param>
    /// <returns>False where it is no such line.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, out TreeEntry entry)
    {
        entry = null!;
        Span<Range> fields = stackalloc Range[12];
        var count = Split(line, fields);
        if (count is not (10 or 11)
            || line[fields[0]].Length != 1
            || !TryType(line[0], out var type)
            || !TryOctal(line[fields[1]], out var mode)
            || !TryNumber(line[fields[2]], out long uid) || uid is < 0 or > uint.MaxValue
            || !TryNumber(line[fields[3]], out long gid) || gid is < 0 or > uint.MaxValue
            || !TryTime(line[fields[4]], out var modified)
            || !TryNumber(line[fields[5]], out long size) || size < 0
            || !TryHash(line[fields[7]], out var hash)
            || !TryReadSegments(line[fields[8]], out var segments)
            || TreePath.Unescape(line[fields[9]]) is not { } path)
        {
            return false;
        }

        var isLink = type is EntryType.SymbolicLink or EntryType.HardLink;
        var target = count == 11 ? TreePath.Unescape(line[fields[10]]) : null;
        if (isLink != target is not null)
        {
            return false;
        }

        var stamp = line[fields[6]];
        entry = new TreeEntry
        {
            Type = type,
            Path = path,
            Mode = mode,
            Uid = (uint)uid,
            Gid = (uint)gid,
            ModifiedNanoseconds = modified,
            Size = size,
            Stamp = stamp.SequenceEqual("-"u8) ? "" : Encoding.UTF8.GetString(stamp),
            ContentHash = hash,
            Segments = segments,
            Target = target,
        };
        return true;
    }

    public static bool TryReadSegments(ReadOnlySpan<byte> field, out Segment[] segments)
    {
        segments = [];
        if (field.SequenceEqual("-"u8))
        {
            return true;
        }

        var count = field.Count((byte)',') + 1;
        if (count > SegmentsPerLine)
        {
            return false;
        }

        var list = new Segment[count];
        for (var i = 0; i < count; i++)
        {
            var comma = field.IndexOf((byte)',');
            var text = comma < 0 ? field : field[..comma];
            field = comma < 0 ? [] : field[(comma + 1)..];
            if (!TryReadSegment(text, out list[i]))
            {
                return false;
            }
        }

        segments = list;
        return true;
    }

    private static bool TryReadSegment(ReadOnlySpan<byte> text, out Segment segment)
    {
        segment = default;
        var first = text.IndexOf((byte)':');
        var last = text.LastIndexOf((byte)':');
        if (first < 0 || last == first
            || !TryHash(text[..first], out var chunk)
            || !TryNumber(text[(first + 1)..last], out long offset) || offset is < 0 or > int.MaxValue
            || !TryNumber(text[(last + 1)..], out long length) || length <= 0)
        {
            return false;
        }

        segment = new Segment(chunk, (int)offset, length);
        return segment.IsHole ? offset == 0 : length <= ChunkerParameters.Limit - offset;
    }

    private static void WriteSegments(IBufferWriter<byte> line, IReadOnlyList<Segment> segments, int first)
    {
        if (segments.Count == 0)
        {
            line.Write("-"u8);
            return;
        }

        Span<byte> text = stackalloc byte[128];
        var end = Math.Min(segments.Count, first + SegmentsPerLine);
        for (var i = first; i < end; i++)
        {
            var segment = segments[i];
            var n = 0;
            if (i > first)
            {
                text[n++] = (byte)',';
            }

            if (segment.IsHole)
            {
                text[n++] = (byte)'-';
            }
            else
            {
                Hex(segment.Chunk, text[n..]);
                n += ChunkId.Size * 2;
            }

            text[n++] = (byte)':';
            Utf8Formatter.TryFormat(segment.Offset, text[n..], out var written);
            n += written;
            text[n++] = (byte)':';
            Utf8Formatter.TryFormat(segment.Length, text[n..], out written);
            line.Write(text[..(n + written)]);
        }
    }

    private static ReadOnlySpan<byte> Hex(ChunkId id, Span<byte> text)
    {
        Span<byte> bytes = stackalloc byte[ChunkId.Size];
        id.CopyTo(bytes);
        Convert.TryToHexStringLower(bytes, text, out var written);
        return text[..written];
    }

    private static void Number(Span<byte> text, ref int at, long value)
    {
        text[at++] = (byte)'\t';
        Utf8Formatter.TryFormat(value, text[at..], out var written);
        at += written;
    }

    /// <returns>How many fields; one more than fit means too many.</returns>
    private static int Split(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        var count = 0;
        foreach (var field in line.Split((byte)'\t'))
        {
            if (count == fields.Length)
            {
                return count + 1;
            }

            fields[count++] = field;
        }

        return count;
    }

    private static bool TryType(byte letter, out EntryType type)
    {
        type = (EntryType)letter;
        return type is EntryType.Directory or EntryType.File or EntryType.SymbolicLink
            or EntryType.HardLink or EntryType.S3Object;
    }

    private static bool TryOctal(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) + (digit - '0');
        }

        return text.Length == 4;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var read) && read == text.Length;

    private static bool TryTime(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        var dot = text.IndexOf((byte)'.');
        if (dot < 0 || text.Length - dot != 10
            || !TryNumber(text[..dot], out var seconds)
            || !TryNumber(text[(dot + 1)..], out var fraction) || fraction < 0
            || seconds is < -(long.MaxValue / NanosecondsPerSecond) or >= long.MaxValue / NanosecondsPerSecond)
        {
            return false;
        }

        nanoseconds = (seconds * NanosecondsPerSecond) + fraction;
        return true;
    }

    private static bool TryHash(ReadOnlySpan<byte> text, out ChunkId hash)
    {
        hash = default;
        return text.SequenceEqual("-"u8) || ChunkId.TryParse(text, out hash);
    }
}
