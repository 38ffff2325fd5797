using System.Text;

namespace KubectlMlopsBackup.Repository.Trees;

/// <summary>Paths in a tree: raw bytes, their order, and how they are written in a line.</summary>
internal static class TreePath
{
    /// <summary>
    /// The order of a tree: bytes of the path, a directory's with a slash at its end. It is the order of S3's listing too.
    /// </summary>
    public static int Compare(ReadOnlySpan<byte> left, bool leftIsDirectory, ReadOnlySpan<byte> right, bool rightIsDirectory)
    {
        var common = Math.Min(left.Length, right.Length);
        var order = left[..common].SequenceCompareTo(right[..common]);
        if (order != 0)
        {
            return order;
        }

        return At(left, leftIsDirectory, common).CompareTo(At(right, rightIsDirectory, common)) switch
        {
            0 when left.Length == right.Length => 0,
            // Both go on with a slash: "a/" (the directory) against "a/b".
            0 => left.Length.CompareTo(right.Length),
            var next => next,
        };

        static int At(ReadOnlySpan<byte> path, bool isDirectory, int index) =>
            index < path.Length ? path[index] : isDirectory && path.Length > 0 ? '/' : -1;
    }

    public static int Compare(TreeEntry left, TreeEntry right) =>
        Compare(left.Path, left.Type == EntryType.Directory, right.Path, right.Type == EntryType.Directory);

    /// <summary>Whether it stays below the folder that it is put into: relative, and no empty, "." or ".." component.</summary>
    public static bool IsSafe(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path.Contains((byte)0))
        {
            return false;
        }

        foreach (var range in path.Split((byte)'/'))
        {
            var component = path[range];
            if (component.IsEmpty || component.SequenceEqual("."u8) || component.SequenceEqual(".."u8))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Readable where it is UTF-8, <c>%XX</c> for control bytes, <c>%</c>, DEL and what is not UTF-8.</summary>
    public static string Escape(ReadOnlySpan<byte> path)
    {
        var text = new StringBuilder(path.Length);
        while (!path.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(path, out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                foreach (var b in path[..length])
                {
                    text.Append('%').Append(b.ToString("X2"));
                }
            }
            else if (rune.Value < 0x20 || rune.Value is '%' or 0x7f)
            {
                text.Append('%').Append(rune.Value.ToString("X2"));
            }
            else
            {
                text.Append(rune);
            }

            path = path[length..];
        }

        return text.ToString();
    }

    /// <returns>Null where a <c>%</c> is not followed by two hex digits.</returns>
    public static byte[]? Unescape(ReadOnlySpan<byte> escaped)
    {
        if (!escaped.Contains((byte)'%'))
        {
            return escaped.ToArray();
        }

        var bytes = new byte[escaped.Length];
        var count = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '%')
            {
                bytes[count++] = escaped[i];
            }
            else if (i + 2 < escaped.Length
                && Convert.FromHexString(escaped.Slice(i + 1, 2), bytes.AsSpan(count, 1), out _, out _)
                    == System.Buffers.OperationStatus.Done)
            {
                count++;
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return bytes[..count];
    }
}
