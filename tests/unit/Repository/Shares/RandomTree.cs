using System.Text;
using CsCheck;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.UnitTests.Repository.Shares;

/// <summary>Trees as MLflow makes them, and worse: experiments of very different sizes, runs, files.</summary>
internal static class RandomTree
{
    /// <summary>Entries in the order of a tree, with folders or, as S3 has it, without.</summary>
    public static readonly Gen<IReadOnlyList<TreeEntry>> Any =
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 12], Gen.Int[0, 40], Gen.Bool).Select(Make);

    public static IReadOnlyList<TreeEntry> Make(int seed, int experiments, int runs, bool s3)
    {
        var random = new Random(seed);
        var files = new Dictionary<string, long>();
        for (var e = 0; e < experiments; e++)
        {
            // One experiment has most of the runs, some have a single file.
            var own = random.Next(4) == 0 ? 0 : random.Next(runs + 1);
            files[$"{Name(random, e)}"] = random.Next(3000);
            for (var r = 0; r < own; r++)
            {
                var deep = random.Next(3) == 0 ? "/models/m" : "/";
                for (var f = random.Next(1, 4); f > 0; f--)
                {
                    files[$"{Name(random, e)}x{deep}{Name(random, r)}/artifacts/{f}"] = (long)Math.Pow(10, random.NextDouble() * 6);
                }
            }
        }

        var paths = s3 ? [] : files.Keys.SelectMany(Folders).Distinct().ToList();
        return
        [
            .. files.Select(f => Entry(f.Key, s3 ? EntryType.S3Object : EntryType.File, f.Value))
                .Concat(paths.Where(p => !files.ContainsKey(p)).Select(p => Entry(p, EntryType.Directory, 0)))
                .Concat(s3 ? [] : [Entry("", EntryType.Directory, 0)])
                .OrderBy(e => e, Comparer<TreeEntry>.Create(TreePath.Compare)),
        ];
    }

    public static ShareLoad LoadOf(TreeEntry entry) =>
        new(entry.Type == EntryType.Directory ? 0 : 1, entry.Type == EntryType.Directory ? 0 : entry.Size, 1);

    private static string Name(Random random, int number) => random.Next(9) == 0 ? $"ä {number}" : $"{number:d3}-";

    private static IEnumerable<string> Folders(string path)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    private static TreeEntry Entry(string path, EntryType type, long size) =>
        new() { Type = type, Path = Encoding.UTF8.GetBytes(path), Size = size };
}
