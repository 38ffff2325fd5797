using System.Text;
using KubectlMlopsBackup.Mlflow.Consistency;

namespace KubectlMlopsBackup.UnitTests.Mlflow.Consistency;

public sealed class ArtifactRootsTests
{
    [Theory]
    [InlineData("mlflow-artifacts:/1/r/artifacts", "1/r/artifacts")]
    [InlineData("mlflow-artifacts://mlflow:5000/1/r/artifacts/", "1/r/artifacts")]
    [InlineData("mlflow-artifacts:/", "")]
    [InlineData("http://mlflow:5000/api/2.0/mlflow-artifacts/artifacts/1/r", "1/r")]
    [InlineData("/mnt/artifacts/1/r", "1/r")]
    [InlineData("/mnt/artifacts", "")]
    [InlineData("file:///mnt/artifacts/1/a%20b", "1/a b")]
    [InlineData("file:/mnt/artifacts//1/./r/", "1/r")]
    [InlineData("file://host/mnt/artifacts/1", "1")]
    [InlineData("file:///mlruns/1", "1")]
    [InlineData("./mlruns/1", "1")]
    public void What_is_in_a_folder_has_a_path_below_it(string uri, string path)
    {
        var roots = ArtifactRoots.Of("/mnt/artifacts", ["file:///mlruns/", "./mlruns"]);
        Assert.Equal(ArtifactPlace.Inside, roots.Locate(uri, out var found));
        Assert.Equal(path, Encoding.UTF8.GetString(found));
    }

    [Theory]
    [InlineData("/mnt/artifacts2/1")]
    [InlineData("/mnt")]
    [InlineData("/mnt/artifacts/../secrets")]
    [InlineData("s3://bucket/1")]
    [InlineData("./other/1")]
    [InlineData("dbfs:/databricks/x")]
    public void What_is_elsewhere_is_outside(string uri) =>
        Assert.Equal(ArtifactPlace.Outside, ArtifactRoots.Of("/mnt/artifacts", ["./mlruns"]).Locate(uri, out _));

    [Theory]
    [InlineData("s3://bucket/mlflow/1/r", "1/r")]
    [InlineData("s3a://bucket/mlflow/1/r/", "1/r")]
    [InlineData("mlflow-artifacts:/1//r", "1//r")]
    [InlineData("s3://bucket/mlflow", "")]
    public void Keys_in_a_bucket_are_left_as_they_are(string uri, string path)
    {
        Assert.Equal(ArtifactPlace.Inside, ArtifactRoots.Of("s3://bucket/mlflow", []).Locate(uri, out var found));
        Assert.Equal(path, Encoding.UTF8.GetString(found));
    }

    [Theory]
    [InlineData("s3://bucket/mlflow2/1")]
    [InlineData("s3://bucket2/mlflow/1")]
    [InlineData("gs://bucket/mlflow/1")]
    public void Another_bucket_or_prefix_is_outside(string uri) =>
        Assert.Equal(ArtifactPlace.Outside, ArtifactRoots.Of("s3://bucket/mlflow/", []).Locate(uri, out _));

    [Theory]
    [InlineData("dummy-source")]
    [InlineData("prompt-template")]
    [InlineData(" ")]
    public void A_word_is_no_place(string uri) => Assert.Equal(ArtifactPlace.None, ArtifactRoots.Of("/mnt", []).Locate(uri, out _));

    [Fact]
    public void Names_of_objects_are_told_from_places()
    {
        Assert.True(ArtifactRoots.NamesObject("models:/m-1"));
        Assert.True(ArtifactRoots.NamesObject("runs:/r/model"));
        Assert.False(ArtifactRoots.NamesObject("mlflow-artifacts:/1"));
    }
}
