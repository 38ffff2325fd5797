using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.UnitTests.Cluster.Jobs;

public sealed class JobTemplateTests
{
    private const string CronJob =
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: postgres-backup, namespace: mlops, uid: u-1}
        spec:
          suspend: true
          jobTemplate:
            metadata: {labels: {app: x}, annotations: {a: b}}
            spec:
              backoffLimit: 2
              template:
                spec:
                  containers:
                    - {name: agent, args: [backup, postgres]}
        """;

    [Fact]
    public void A_Job_is_the_template_with_more_arguments_and_belongs_to_its_CronJob()
    {
        var job = JobTemplate.ToJob(YamlTree.Parse(CronJob), "postgres-backup-abcde", ["--force-read"]);

        Assert.Equal("Job", (string?)job["kind"]);
        Assert.Equal("mlops", (string?)job["metadata"]!["namespace"]);
        Assert.Equal("x", (string?)job["metadata"]!["labels"]!["app"]);
        Assert.Equal("manual", (string?)job["metadata"]!["annotations"]!["cronjob.kubernetes.io/instantiate"]);
        Assert.Equal("b", (string?)job["metadata"]!["annotations"]!["a"]);
        Assert.Equal("u-1", (string?)job["metadata"]!["ownerReferences"]![0]!["uid"]);
        Assert.Equal(2, (long)job["spec"]!["backoffLimit"]!);
        Assert.Equal(["backup", "postgres", "--force-read"], job["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray().Select(a => (string?)a));
    }

    [Fact]
    public void A_rendered_CronJob_that_the_cluster_does_not_have_owns_nothing()
    {
        var cronJob = YamlTree.Parse(CronJob);
        cronJob["metadata"]!.AsObject().Remove("uid");

        Assert.Null(JobTemplate.ToJob(cronJob, "x", [])["metadata"]!["ownerReferences"]);
    }

    [Fact]
    public void Names_fit_and_differ()
    {
        var name = JobTemplate.Name(new string('a', 80));

        Assert.Equal(63, name.Length);
        Assert.NotEqual(JobTemplate.Name("restore"), JobTemplate.Name("restore"));
    }

    [Theory]
    [InlineData("a: yes", "yes")]
    [InlineData("a: '1'", "1")]
    [InlineData("a: Infinity", "Infinity")]
    [InlineData("a: 1.2.3", "1.2.3")]
    public void What_YAML_1_2_calls_a_text_is_one(string yaml, string text) => Assert.Equal(text, YamlTree.Parse(yaml)["a"]!.GetValue<string>());

    [Fact]
    public void Numbers_truths_and_nothing_are_what_they_are()
    {
        var tree = YamlTree.Parse("{a: 12, b: 1.5, c: true, d: null, e: [x]}");

        Assert.Equal("""{"a":12,"b":1.5,"c":true,"d":null,"e":["x"]}""", tree.ToJsonString());
        Assert.IsType<JsonArray>(tree["e"]);
    }
}
