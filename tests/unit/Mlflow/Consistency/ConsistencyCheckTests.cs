using System.Text;
using CsCheck;
using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Mlflow.Consistency;
using static KubectlMlopsBackup.Mlflow.ArtifactExpectation;

namespace KubectlMlopsBackup.UnitTests.Mlflow.Consistency;

public sealed class ConsistencyCheckTests
{
    private const string Root = "mlflow-artifacts:/";

    private static readonly DateTimeOffset Instant = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_without_artifacts_misses_nothing()
    {
        var findings = await CheckAsync([Run("1/r/artifacts"), Experiment("1")], []);
        Assert.True(findings.Consistent);
        Assert.Equal(0, findings.JudgedCount);
        Assert.Equal(2, findings.References);
    }

    [Fact]
    public async Task A_model_without_files_and_one_without_an_mlmodel_are_told_apart()
    {
        var findings = await CheckAsync(
            [Logged("a", "1/models/a/artifacts"), Logged("b", "1/models/b/artifacts"), Logged("c", "1/models/c/artifacts")],
            ["1/models/a/artifacts/MLmodel", "1/models/a/artifacts/model.pkl", "1/models/b/artifacts/model.pkl", "1/models/b/artifacts/x/MLmodel"]);
        Assert.False(findings.Consistent);
        Assert.Equal(3, findings.Judged["logged_model"]);
        Assert.Equal(
            [("b", MissingProblem.NoMlModel, "1/models/b/artifacts"), ("c", MissingProblem.Missing, "1/models/c/artifacts")],
            findings.Items.Select(i => (i.Id, i.Problem, i.Path)));
        Assert.Equal((1, 1), (findings.MissingCount, findings.WithoutMlModelCount));
        Assert.Equal(new ExperimentCount("1", 2), Assert.Single(findings.Experiments));
    }

    [Fact]
    public async Task A_name_that_begins_alike_is_another()
    {
        var findings = await CheckAsync(
            [Version("m/1", "1/r/model"), Version("m/2", "1/r/model-2"), Version("m/3", "1/r/mode")],
            ["1/r/model-2/MLmodel", "1/r/model.txt", "1/r/model2/MLmodel"]);
        Assert.Equal(["m/3", "m/1"], findings.Items.Select(i => i.Id));
        Assert.Equal(2, findings.Orphans.Files);
    }

    [Fact]
    public async Task What_lies_within_another_is_judged_by_itself_and_counts_for_both()
    {
        var findings = await CheckAsync(
            [Run("1/r/artifacts"), File("r", "1/r/artifacts/model", Model), Version("m/1", "1/r/artifacts/model"), Version("m/2", "1/r/artifacts/gone")],
            ["1/r/artifacts/metrics.json", "1/r/artifacts/model/MLmodel", "1/r/artifacts/z"]);
        Assert.Equal(["m/2"], findings.Items.Select(i => i.Id));
        Assert.Equal(0, findings.Orphans.Files);
    }

    [Fact]
    public async Task A_single_file_is_as_good_as_a_folder()
    {
        var findings = await CheckAsync(
            [Version("m/1", "1/model.pkl"), File("r", "2/eval.json", Files), File("r", "2/gone.json", Files), Version("m/2", "3/folder")],
            ["1/model.pkl", "1/model.pkl-old", "2/eval.json", "3/folder/file"]);
        Assert.Equal("2/gone.json", Assert.Single(findings.Items).Path);
        Assert.Equal("1/model.pkl-old", Assert.Single(findings.Orphans.Largest).Path);
        Assert.Equal(["m/2"], findings.PlainVersions);
    }

    [Fact]
    public async Task A_version_in_a_folder_that_is_known_as_a_model_must_have_an_mlmodel()
    {
        var findings = await CheckAsync([File("r", "1/r/model", Model), Version("m/1", "1/r/model")], ["1/r/model/weights"]);
        Assert.Equal(MissingProblem.NoMlModel, Assert.Single(findings.Items).Problem);
        Assert.Empty(findings.PlainVersions);
    }

    [Fact]
    public async Task Nobody_misses_what_is_deleted_and_its_files_are_counted_apart()
    {
        var findings = await CheckAsync(
            [
                Run("1/a/artifacts", deleted: true), File("a", "1/a/artifacts/model", Model, deleted: true), Run("1/b/artifacts", deleted: true),
                Experiment("2", deleted: true), Run("1/c/artifacts", deleted: true), Version("m/1", "1/c/artifacts/model"),
            ],
            ["1/a/artifacts/model/MLmodel", "1/a/artifacts/x", "1/c/artifacts/model/MLmodel", "1/c/artifacts/y"]);
        Assert.True(findings.Consistent);
        // What an active version needs is not a deleted run's alone.
        Assert.Equal(new DeletedArtifacts(Runs: 3, Experiments: 1, Others: 0, RunsWithFiles: 2, Files: 3, Bytes: 30), findings.Deleted);
        Assert.Equal(0, findings.Orphans.Files);
    }

    [Fact]
    public async Task Orphans_are_summed_up_by_the_highest_folder_that_nothing_points_into()
    {
        var findings = await CheckAsync(
            [Experiment("1"), Run("1/a/artifacts"), Run("1/c/artifacts")],
            ["1/a/artifacts/x", "1/b/artifacts/deep/x", "1/b/artifacts/y", "1/c/other", "2/x", "2/y/z", "loose"]);
        Assert.Equal((6, 60, 4), (findings.Orphans.Files, findings.Orphans.Bytes, findings.Orphans.Places));
        Assert.Equal(
            [new OrphanPlace("1/b/", 2, 20), new OrphanPlace("2/", 2, 20), new OrphanPlace("1/c/other", 1, 10), new OrphanPlace("loose", 1, 10)],
            findings.Orphans.Largest);
    }

    [Fact]
    public async Task A_file_that_came_after_the_database_was_read_is_no_orphan()
    {
        var after = (Instant.AddSeconds(1) - DateTimeOffset.UnixEpoch).Ticks * 100;
        var findings = await ConsistencyCheck.RunAsync(
            ListAsync<ArtifactReference>([]), ListAsync([new FoundArtifact("1/new/x"u8.ToArray(), 5, after)]), ArtifactRoots.Of("/a", []), Instant, Token);
        Assert.Equal((1, 0), (findings.NewerFiles, findings.Orphans.Files));
    }

    [Fact]
    public async Task What_lies_elsewhere_is_listed_apart_and_nothing_judged_is_no_yes()
    {
        ArtifactReference outside = Version("m/1", "1") with { Uri = "s3://me:hunter2@other/x" };
        var findings = await CheckAsync([outside, Run("r") with { Uri = "s3://other/y" }], []);
        Assert.Null(findings.Consistent);
        Assert.Equal(2, findings.OutsideCount);
        Assert.DoesNotContain(findings.Outside, o => o.Root.Contains("hunter2", StringComparison.Ordinal));
        Assert.True((await CheckAsync([outside, Version("m/2", "1")], ["1/MLmodel"])).Consistent);
    }

    [Fact]
    public async Task A_name_is_followed_and_one_that_leads_nowhere_is_missing()
    {
        var findings = await CheckAsync(
            [
                Version("m/1", "-") with { Uri = "models:/m-1", Location = Root + "1/models/m-1/artifacts" },
                Version("m/2", "-") with { Uri = "runs:/gone/model" },
                Version("prompt/1", "-") with { Uri = "dummy-source" },
            ],
            ["1/models/m-1/artifacts/MLmodel"]);
        Assert.Equal(("m/2", MissingProblem.Dangling), (Assert.Single(findings.Items).Id, findings.Items[0].Problem));
        Assert.Equal(2, findings.JudgedCount);
    }

    [Fact]
    public async Task Traces_are_told_and_not_held_against_it()
    {
        static ArtifactReference TraceAt(string path) => Of("trace", "t", "trace_tags.value", path, Trace);
        var findings = await CheckAsync([TraceAt("1/traces/a/artifacts"), TraceAt("1/traces/b/artifacts")], ["1/traces/a/artifacts/traces.json"]);
        Assert.True(findings.Consistent);
        Assert.Equal(1, findings.TracesWithoutData);
    }

    [Fact]
    public async Task Data_that_was_trained_on_is_nobodys_artifact()
    {
        var findings = await CheckAsync([Of("dataset", "d", "datasets.dataset_source", "1/r", Nothing)], ["1/r/x"]);
        Assert.Equal((0, 1), (findings.References, findings.Orphans.Files));
    }

    [Fact]
    public async Task A_list_without_what_must_be_there_is_refused() =>
        Assert.Contains("backup postgres", (await Assert.ThrowsAsync<UserError>(
            () => CheckAsync([new ArtifactReference("run", "r", false, "runs.artifact_uri", Root + "1")], []))).Fix, StringComparison.Ordinal);

    /// <summary>Against the same judgement made the slow way, each reference against each file; also where memory does not do.</summary>
    [Fact]
    public async Task Random_platforms_are_judged_as_by_hand()
    {
        var path = Gen.String[Gen.Char["ab-"], 1, 2].Array[1, 3].Select(p => string.Join('/', p));
        var reference = Gen.Select(path, Gen.Enum<ArtifactExpectation>(), Gen.Bool);
        await Gen.Select(reference.Array[0, 12], Gen.Select(path, Gen.Bool).Select((p, model) => model ? p + "/MLmodel" : p).Array[0, 12]).SampleAsync(
            async (references, paths) =>
            {
                var files = paths.Distinct().Where(p => !paths.Any(o => o.StartsWith(p + "/", StringComparison.Ordinal))).ToArray();
                var list = references.Select((r, i) => Of("model_version", $"{i}", "model_versions.source", r.Item1, r.Item2, r.Item3)).ToArray();
                bool Below(string file, string place) => file.StartsWith(place + "/", StringComparison.Ordinal);
                bool Good(string place, ArtifactExpectation expects) => expects switch
                {
                    Files => files.Any(f => f == place || Below(f, place)),
                    Model => files.Contains(place + "/MLmodel"),
                    _ => true,
                };
                var lost = references.Select((r, i) => (r, i)).Where(x => !x.r.Item3 && !Good(x.r.Item1, x.r.Item2)).Select(x => $"{x.i}").Order();
                var orphans = files.Count(f => !references.Any(r => Below(f, r.Item1) || (f == r.Item1 && r is { Item2: Files, Item3: false })));
                var deleted = files.Count(f => references.Any(r => Below(f, r.Item1)) && !references.Any(r => !r.Item3 && Below(f, r.Item1)));
                foreach (var limit in new[] { 1L << 20, 60 })
                {
                    var findings = await CheckAsync(list, files, new ReferenceSorter(limit));
                    Assert.Equal(lost, findings.Items.Select(i => i.Id).Order());
                    Assert.Equal(orphans, findings.Orphans.Files);
                    Assert.Equal(deleted, findings.Deleted.Files);
                    Assert.Equal(findings.Orphans.Files, findings.Orphans.Largest.Sum(p => p.Files));
                }
            },
            iter: 500);
    }

    private static ArtifactReference Run(string path, bool deleted = false) => Of("run", path, "runs.artifact_uri", path, Nothing, deleted);

    private static ArtifactReference Experiment(string id, bool deleted = false) => Of("experiment", id, "experiments.artifact_location", id, Nothing, deleted);

    private static ArtifactReference Logged(string id, string path) => Of("logged_model", id, "logged_models.artifact_location", path, Model);

    private static ArtifactReference Version(string id, string path) => Of("model_version", id, "model_versions.source", path, Files);

    private static ArtifactReference File(string run, string path, ArtifactExpectation expects, bool deleted = false) =>
        Of("run", run, "tags.mlflow.log-model.history", path, expects, deleted) with { Uri = $"runs:/{run}/x", Location = Root + path };

    private static ArtifactReference Of(string kind, string id, string column, string path, ArtifactExpectation expects, bool deleted = false) =>
        new(kind, id, deleted, column, Root + path) { Expects = expects, ExperimentId = "1" };

    private static Task<ConsistencyFindings> CheckAsync(ArtifactReference[] references, string[] files, ReferenceSorter? sorter = null) => ConsistencyCheck.RunAsync(
        ListAsync(references),
        ListAsync(files.OrderBy(f => Convert.ToHexString(Encoding.UTF8.GetBytes(f)), StringComparer.Ordinal)
            .Select(f => new FoundArtifact(Encoding.UTF8.GetBytes(f), 10, 0))),
        ArtifactRoots.Of("/mnt/artifacts", []),
        Instant,
        Token,
        sorter);

    private static async IAsyncEnumerable<T> ListAsync<T>(IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }
}
