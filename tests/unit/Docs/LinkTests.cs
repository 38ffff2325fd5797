using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.UnitTests.Docs;

/// <summary>Every link of the documentation to a file of the project, and to a heading in it, leads there.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. ProjectFiles.Markdown.Select(f => Path.GetRelativePath(ProjectFiles.Root, f))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page)
    {
        var path = Path.Combine(ProjectFiles.Root, page);
        var broken = Links(File.ReadAllText(path)).Where(l => !Leads(path, l)).ToArray();

        Assert.True(broken.Length == 0, $"{page} has links that lead nowhere: {string.Join(", ", broken)}");
    }

    [Fact]
    public void A_broken_link_is_seen()
    {
        var readme = Path.Combine(ProjectFiles.Root, "README.md");

        Assert.Equal(["docs/none.md", "docs/plan.md#none"], Links("[a](docs/none.md) [b](docs/plan.md#none) [c](LICENSE)").Where(l => !Leads(readme, l)));
        Assert.Equal(["a.md"], Links("`[x](code.md)`\n```\n[y](fence.md)\n```\n[z](a.md)"));
    }

    private static IEnumerable<string> Links(string text) =>
        Link().Matches(Code().Replace(Fence().Replace(text, ""), "")).Select(m => m.Groups[1].Value)
            .Where(l => !l.Contains("://", StringComparison.Ordinal) && !l.StartsWith("mailto:", StringComparison.Ordinal));

    private static bool Leads(string page, string link)
    {
        var parts = link.Split('#', 2);
        var file = parts[0].Length == 0 ? page : Path.GetFullPath(parts[0], Path.GetDirectoryName(page)!);
        return (File.Exists(file) || (Directory.Exists(file) && parts.Length == 1))
            && (parts.Length == 1 || Anchors(File.ReadAllText(file)).Contains(parts[1]));
    }

    /// <summary>As GitHub names headings: lower case, punctuation away, spaces to hyphens, a number after what is there already.</summary>
    private static HashSet<string> Anchors(string text)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var heading in Heading().Matches(Fence().Replace(text, "")).Select(m => m.Groups[1].Value))
        {
            var words = Mark().Replace(Link().Replace(heading, ""), "").Trim().ToLowerInvariant();
            var name = string.Concat(words.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');
            for (var i = 0; !anchors.Add(i == 0 ? name : $"{name}-{i}"); i++)
            {
            }
        }

        return anchors;
    }

    [GeneratedRegex(@"(?<=\])\(([^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"[`\[\]*]")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^#{1,6} +(.+?) *$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
