using KubectlMlopsBackup.Diagnostics;

namespace KubectlMlopsBackup.UnitTests.Diagnostics;

/// <summary>The documentation and the program say the same.</summary>
public sealed class TroubleshootingTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Checkout(), "docs/troubleshooting.md"));

    [Fact]
    public void Every_fault_has_a_section_with_its_title_in_the_same_order()
    {
        var sections = Lines.Index().Where(l => l.Item.StartsWith("### ", StringComparison.Ordinal))
            .Select(l => (Id: l.Item[4..], Title: Lines[l.Index + 2]))
            .Where(s => !s.Id.StartsWith("Mlops", StringComparison.Ordinal));

        Assert.Equal(Faults.All.Select(f => (f.Id, f.Title)), sections);
    }

    [Fact]
    public void Every_section_says_more_than_its_title() => Assert.All(
        Lines.Index().Where(l => l.Item.StartsWith("### ", StringComparison.Ordinal)),
        l => Assert.True(Lines[l.Index + (l.Item.StartsWith("### Mlops", StringComparison.Ordinal) ? 2 : 4)].Length > 12, l.Item));

    [Fact]
    public void No_fault_is_there_twice() => Assert.Equal(Faults.All.Count, Faults.All.Select(f => f.Id).Distinct().Count());

    [Fact]
    public void Every_fault_of_the_program_is_among_all() => Assert.Equal(
        typeof(Faults).GetFields().Where(f => f.FieldType == typeof(Fault)).Select(f => ((Fault)f.GetValue(null)!).Id).Order(), Faults.All.Select(f => f.Id).Order());

    internal static string Checkout()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "KubectlMlopsBackup.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
