using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace KubectlMlopsBackup.EndToEndTests.Release;

/// <summary>The krew index's own checks of a manifest. Source: github.com/kubernetes-sigs/krew, internal/index/validation/validate.go and cmd/validate-krew-manifest.</summary>
internal static partial class KrewManifest
{
    private static readonly string[] Known = ["windows/amd64", "windows/arm64", "linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64"];

    public static void Check(string name, string text, int platforms)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var root = (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
        Assert.Equal("krew.googlecontainertools.github.com/v1alpha2", Text(root, "apiVersion"));
        Assert.Equal("Plugin", Text(root, "kind"));
        Assert.Equal(name, Text((YamlMappingNode)root["metadata"], "name"));
        Assert.Matches(@"^[\w-]+$", name);

        var spec = (YamlMappingNode)root["spec"];
        Assert.DoesNotContain('\n', Text(spec, "shortDescription"));
        Assert.InRange(Text(spec, "shortDescription").Length, 1, 50);
        Assert.NotEmpty(Text(spec, "description"));
        Assert.Matches(@"^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$", Text(spec, "version"));
        Assert.StartsWith("https://", Text(spec, "homepage"), StringComparison.Ordinal);

        var seen = new List<string>();
        foreach (var platform in ((YamlSequenceNode)spec["platforms"]).Cast<YamlMappingNode>())
        {
            Assert.Matches(@"^https://\S+\.(tar\.gz|zip)$", Text(platform, "uri"));
            Assert.Matches(Sha256(), Text(platform, "sha256"));
            Assert.NotEmpty(Text(platform, "bin"));
            Assert.False(platform.Children.ContainsKey("files"));
            var labels = (YamlMappingNode)((YamlMappingNode)platform["selector"])["matchLabels"];
            Assert.Equal(["arch", "os"], labels.Children.Keys.Select(k => ((YamlScalarNode)k).Value).Order(StringComparer.Ordinal));
            seen.Add($"{Text(labels, "os")}/{Text(labels, "arch")}");
        }

        Assert.Equal(platforms, seen.Count);
        Assert.All(seen, s => Assert.Contains(s, Known));
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
    }

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    [GeneratedRegex("^[a-f0-9]{64}$")]
    private static partial Regex Sha256();
}
