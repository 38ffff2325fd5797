using System.Text;
using CsCheck;
using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Mlflow.Consistency;

namespace KubectlMlopsBackup.UnitTests.Mlflow.Consistency;

public sealed class ReferenceSorterTests
{
    private static readonly Gen<(string Key, string Line)[]> Entries =
        Gen.Select(Gen.String[Gen.Char["ab/-é"], 0, 6], Gen.String[Gen.Char["xy\t"], 0, 4]).Array[0, 60];

    [Fact]
    public void What_does_not_fit_into_memory_is_sorted_all_the_same() => Entries.Sample(
        entries =>
        {
            var wanted = entries.Select(e => (Bytes(e.Key), Bytes(e.Line)))
                .OrderBy(e => Convert.ToHexString(e.Item1), StringComparer.Ordinal).ThenBy(e => Convert.ToHexString(e.Item2), StringComparer.Ordinal)
                .Select(e => (Encoding.UTF8.GetString(e.Item1), Encoding.UTF8.GetString(e.Item2))).ToList();
            Assert.Equal(wanted, Sort(entries, 1 << 20, spills: false));
            Assert.Equal(wanted, Sort(entries, 100, spills: entries.Length > 20));
        },
        iter: 50);

    [Fact]
    public void What_an_entry_says_comes_back()
    {
        using var sorter = new ReferenceSorter();
        var written = new LocatedReference(Bytes("a/"), ReferenceKind.ModelVersion, ArtifactExpectation.Model, Deleted: true, IsFile: true, Bytes("line"));
        sorter.Add(written);
        var read = Assert.Single(sorter.Sorted());
        Assert.Equal((written.Kind, written.Expects, written.Deleted, written.IsFile), (read.Kind, read.Expects, read.Deleted, read.IsFile));
        Assert.Equal("a/", Encoding.UTF8.GetString(read.Key.Span));
        Assert.Equal("line", Encoding.UTF8.GetString(read.Line.Span));
    }

    private static List<(string, string)> Sort((string Key, string Line)[] entries, long limit, bool spills)
    {
        using var sorter = new ReferenceSorter(limit);
        foreach (var (key, line) in entries)
        {
            sorter.Add(new LocatedReference(Bytes(key), ReferenceKind.Run, ArtifactExpectation.Files, false, false, Bytes(line)));
        }

        Assert.True(!spills || sorter.Spills > 0);
        return [.. sorter.Sorted().Select(e => (Encoding.UTF8.GetString(e.Key.Span), Encoding.UTF8.GetString(e.Line.Span)))];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
