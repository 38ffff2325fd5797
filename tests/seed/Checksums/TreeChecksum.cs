using System.Security.Cryptography;
using System.Text;

namespace KubectlMlopsBackup.Seed.Checksums;

/// <summary>
/// One SHA-256 over a directory tree: for each entry, in the order of its path's bytes, the path, type, mode, owner, time,
/// size, and the hash of its content or the target of its link. The top directory's own attributes are not in it, since a
/// restore may go elsewhere. It shares no code with the product that it checks.
/// </summary>
internal sealed record TreeChecksum(string Sha256, long Files, long Directories, long Others, long Bytes)
{
    /// <param name="contentOnly">Leaves out modes, owners and times.</param>
    /// <exception cref="IOException">Something could not be read.</exception>
    public static TreeChecksum Of(string root, bool contentOnly, CancellationToken cancellation)
    {
        var top = Encoding.UTF8.GetBytes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        var entries = new List<TreeEntry>();
        Walk(top, top.Length + 1, entries);
        entries.Sort((a, b) => a.Relative.SequenceCompareTo(b.Relative));
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, entries.Count, options, i => entries[i].ReadContent());

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in entries)
        {
            // Lengths before what varies: two different trees can not give the same stream.
            hash.AppendData(Encoding.UTF8.GetBytes(entry.Describe(contentOnly)));
            hash.AppendData(entry.Relative);
            hash.AppendData(entry.Content);
        }

        return new TreeChecksum(
            Convert.ToHexStringLower(hash.GetHashAndReset()),
            entries.LongCount(e => e.Type == Native.RegularType),
            entries.LongCount(e => e.Type == Native.DirectoryType),
            entries.LongCount(e => e.Type is not (Native.RegularType or Native.DirectoryType)),
            entries.Where(e => e.Type == Native.RegularType).Sum(e => (long)e.Status.Size));
    }

    private static void Walk(byte[] directory, int prefix, List<TreeEntry> entries)
    {
        var pending = new Stack<byte[]>([directory]);
        while (pending.TryPop(out var next))
        {
            foreach (var name in Native.List([.. next, 0]))
            {
                byte[] path = [.. next, (byte)'/', .. name];
                var entry = new TreeEntry(path, prefix, Native.Stat([.. path, 0]));
                entries.Add(entry);
                if (entry.Type == Native.DirectoryType)
                {
                    pending.Push(path);
                }
            }
        }
    }
}
