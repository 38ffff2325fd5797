using KubectlMlopsBackup.Mlflow;

namespace KubectlMlopsBackup.UnitTests.Mlflow;

public sealed class RunTagValueTests
{
    [Fact]
    public void The_models_that_a_run_logged_are_named_each_once()
    {
        var references = Of(RunTagValue.LoggedModels, """
            [{"run_id": "r", "artifact_path": "model", "flavors": {"f": {"artifact_path": "no"}}}, {"artifact_path": "model"}, {"artifact_path": "a/b"}]
            """);
        Assert.Equal(["runs:/r/model", "runs:/r/a/b"], references.Select(r => r.Uri));
        Assert.All(references, r => Assert.Equal(ArtifactExpectation.Model, r.Expects));
        Assert.Equal("s3://b/1/r/artifacts/a/b", references[1].Location);
        Assert.Equal("7", references[1].ExperimentId);
        Assert.Equal("tags.mlflow.log-model.history", references[1].Column);
    }

    [Fact]
    public void A_file_that_a_run_logged_may_be_anything() =>
        Assert.Equal(
            (ArtifactExpectation.Files, "s3://b/1/r/artifacts/eval.json"),
            Assert.Single(Of(RunTagValue.LoggedArtifacts, """[{"path": "eval.json", "type": "table"}]""").Select(r => (r.Expects, r.Location))));

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[{\"artifact_path\": \"model\"")]
    [InlineData("{\"artifact_path\": \"model\"}")]
    [InlineData("[1, null, {\"artifact_path\": 7}, {\"artifact_path\": \"\"}]")]
    [InlineData("[{\"artifact_path\": \"mlflow-artifacts:/1/models/m-1/artifacts\"}, {\"artifact_path\": \"/mnt/x\"}, {\"artifact_path\": \"s3://b/x\"}]")]
    public void What_names_no_path_of_the_run_names_nothing(string value) => Assert.Empty(Of(RunTagValue.LoggedModels, value));

    private static List<ArtifactReference> Of(string key, string value) =>
        [.. RunTagValue.Of(new ReferenceRow(ReferenceSql.Tags, "r", false, value, "7", key, "s3://b/1/r/artifacts/"))];
}
