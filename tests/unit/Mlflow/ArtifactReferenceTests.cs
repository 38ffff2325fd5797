using CsCheck;
using KubectlMlopsBackup.Mlflow;

namespace KubectlMlopsBackup.UnitTests.Mlflow;

public sealed class ArtifactReferenceTests
{
    [Fact]
    public void A_line_has_five_fields_and_is_one_line()
    {
        var reference = new ArtifactReference("run", "r\t1", true, "runs.artifact_uri", "s3://b/a\nb\\c\r");
        Assert.Equal("run\tr\\t1\tdeleted\truns.artifact_uri\ts3://b/a\\nb\\\\c\\r", reference.ToLine());
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.String, Gen.String, Gen.Bool, Gen.String, Gen.String)
            .Select((kind, id, deleted, column, uri) => new ArtifactReference(kind, id, deleted, column, uri))
            .Sample(r => ArtifactReference.Parse(r.ToLine()) == r && r.ToLine().IndexOfAny(['\n', '\r']) < 0);

    [Theory]
    [InlineData("")]
    [InlineData("run\tid\tactive\tcolumn")]
    [InlineData("run\tid\tactive\tcolumn\turi\tmore")]
    [InlineData("run\tid\tmaybe\tcolumn\turi")]
    [InlineData("run\tid\tactive\tcolumn\turi\\")]
    [InlineData("run\tid\tactive\tcolumn\turi\\x")]
    public void A_line_that_makes_no_sense_is_refused(string line) =>
        Assert.Throws<InvalidDataException>(() => ArtifactReference.Parse(line));
}
