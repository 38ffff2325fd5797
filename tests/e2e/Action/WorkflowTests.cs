using System.Text.RegularExpressions;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using YamlDotNet.RepresentationModel;

namespace KubectlMlopsBackup.EndToEndTests.Action;

/// <summary>What nobody sees in a workflow until GitHub runs it: other people's code by commit, nothing of an input in a script, and when a job runs at all.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string Folder = Path.Combine(CommandLine.Checkout(), ".github", "workflows");

    public static TheoryData<string> Workflows => [.. Directory.GetFiles(Folder, "*.yml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Actions_are_pinned_by_commit_and_one_version_has_one_commit()
    {
        var files = Directory.GetFiles(Folder, "*.yml").Append(Path.Combine(CommandLine.Checkout(), "action.yml"));
        var uses = files.SelectMany(File.ReadLines).Where(l => !l.TrimStart().StartsWith('#')).Select(l => Uses().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value).ToList();

        Assert.True(uses.Count > 20, "the workflows were not found");
        var theirs = uses.Where(u => !u.StartsWith("./", StringComparison.Ordinal)).ToList();
        Assert.Equal([], theirs.Where(u => !Pinned().IsMatch(u)));
        Assert.Equal([], theirs.Distinct().GroupBy(u => u.Split('@')[0]).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void No_script_has_an_expression_in_it_and_every_job_has_its_rights_and_its_end(string file)
    {
        var workflow = Load(file);
        // Without it a token may do what the repository's setting says.
        Assert.True(workflow.Children.ContainsKey("permissions"), "permissions");
        foreach (var (name, job) in ((YamlMappingNode)workflow["jobs"]).Children)
        {
            Assert.True(((YamlMappingNode)job).Children.ContainsKey("timeout-minutes"), $"{name}: timeout-minutes");
            Assert.DoesNotContain(Steps(job), s => Text(s, "run")?.Contains("${{", StringComparison.Ordinal) == true);
            Assert.All(Steps(job).Where(s => Text(s, "uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true), s => Assert.Equal("false", Text((YamlMappingNode)s["with"], "persist-credentials")));
        }
    }

    /// <summary>Called by another workflow, the event is that one's: a schedule, most often.</summary>
    [Theory]
    [InlineData("schedule", "", "", false)]
    [InlineData("schedule", "", "true", true)]
    [InlineData("schedule", "backup", "", true)]
    [InlineData("workflow_dispatch", "status", "", true)]
    public void The_nightly_backup_runs_by_itself_only_where_somebody_said_so(string happened, string command, string said, bool runs)
    {
        var condition = Text((YamlMappingNode)Load("nightly-backup.yml")["jobs"]["backup"], "if");

        Assert.Equal(runs, Expression.IsTrue(condition, false, name => name switch
        {
            "github.event_name" => happened,
            "inputs.command" => command,
            "vars.MLOPSBACKUP_NIGHTLY" => said,
            _ => throw new InvalidOperationException(name),
        }));
    }

    [Theory]
    [InlineData("", "", "all")]
    [InlineData("backup", "", "all")]
    [InlineData("backup", "postgres", "postgres")]
    [InlineData("verify", "", "data")]
    [InlineData("status", "", "")]
    [InlineData("status", "--component postgres", "--component postgres")]
    public void Each_verb_of_the_nightly_workflow_has_arguments_of_its_own(string command, string given, string arguments)
    {
        var step = Steps(Load("nightly-backup.yml")["jobs"]["backup"]).Single(s => Text(s, "id") == "mlopsbackup");

        Assert.Equal(arguments, Expression.Fill(Text((YamlMappingNode)step["with"], "args")!, name => name == "inputs.command" ? command : given));
    }

    /// <summary>The event of a schedule says nothing of the repository.</summary>
    [Theory]
    [InlineData("schedule", "main", "", true)]
    [InlineData("workflow_dispatch", "main", "main", true)]
    [InlineData("workflow_dispatch", "attempt", "main", false)]
    public void A_drill_that_fails_makes_an_issue_by_its_schedule_too(string happened, string branch, string standard, bool makes)
    {
        var step = Steps(Load("dr-drill.yml")["jobs"]["drill"]).Single(s => Text(s, "name") == "One issue");

        Assert.Equal(makes, Expression.IsTrue(Text(step, "if"), hasFailed: true, name => name switch
        {
            "github.event_name" => happened,
            "github.ref_name" => branch,
            "github.event.repository.default_branch" => standard,
            _ => throw new InvalidOperationException(name),
        }));
    }

    /// <summary>The image has Debian 12's: a program that was linked with a newer one does not start in it.</summary>
    [Theory]
    [InlineData("ci.yml")]
    [InlineData("release.yml")]
    public void Linux_binaries_are_linked_with_a_glibc_no_newer_than_the_images(string file)
    {
        var matrix = (YamlSequenceNode)Load(file)["jobs"]["native"]["strategy"]["matrix"]["include"];

        var runners = matrix.Cast<YamlMappingNode>().Where(m => Text(m, "rid")!.StartsWith("linux-", StringComparison.Ordinal)).Select(m => Text(m, "runner")!).ToList();
        Assert.Equal(2, runners.Count);
        Assert.All(runners, r => Assert.StartsWith("ubuntu-22.04", r, StringComparison.Ordinal));
        Assert.StartsWith("ARG BASE=debian:bookworm", File.ReadLines(Path.Combine(CommandLine.Checkout(), "image/Containerfile")).First(l => l.StartsWith("ARG BASE=", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static YamlMappingNode Load(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(Folder, file))));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<YamlMappingNode> Steps(YamlNode job) => ((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>();

    private static string? Text(YamlMappingNode map, string key) => map.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;

    [GeneratedRegex(@"^\s*(?:- )?uses: *(.+)$")]
    private static partial Regex Uses();

    [GeneratedRegex(@"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();
}
