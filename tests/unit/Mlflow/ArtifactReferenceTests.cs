using CsCheck;
using KubectlMlopsBackup.Mlflow;

namespace KubectlMlopsBackup.UnitTests.Mlflow;

public sealed class ArtifactReferenceTests
{
    [Fact]
    public void A_line_has_eight_fields_and_is_one_line()
    {
        var reference = new ArtifactReference("run", "r\t1", true, "runs.artifact_uri", "s3://b/a\nb\\c\r")
        {
            ExperimentId = "7",
            Expects = ArtifactExpectation.Model,
            Location = "/a\tb",
        };
        Assert.Equal("run\tr\\t1\tdeleted\truns.artifact_uri\ts3://b/a\\nb\\\\c\\r\t7\tmodel\t/a\\tb", reference.ToLine());
    }

    [Fact]
    public void A_line_of_a_version_before_says_nothing_of_what_must_be_there()
    {
        var reference = ArtifactReference.Parse("run\tid\tactive\tcolumn\turi");
        Assert.Null(reference.Expects);
        Assert.Equal("run\tid\tactive\tcolumn\turi", reference.ToLine());
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.String, Gen.String, Gen.Bool, Gen.String, Gen.String)
            .Select(
                Gen.Select(Gen.String, Gen.Enum<ArtifactExpectation>(), Gen.String),
                (r, more) => new ArtifactReference(r.Item1, r.Item2, r.Item3, r.Item4, r.Item5)
                {
                    ExperimentId = more.Item1,
                    Expects = more.Item2,
                    Location = more.Item3,
                })
            .Sample(r => ArtifactReference.Parse(r.ToLine()) == r && r.ToLine().IndexOfAny(['\n', '\r']) < 0);

    [Theory]
    [InlineData("")]
    [InlineData("run\tid\tactive\tcolumn")]
    [InlineData("run\tid\tactive\tcolumn\turi\tmore")]
    [InlineData("run\tid\tmaybe\tcolumn\turi")]
    [InlineData("run\tid\tactive\tcolumn\turi\t1\tperhaps\tlocation")]
    [InlineData("run\tid\tactive\tcolumn\turi\t1\tmodel\tlocation\tmore")]
    [InlineData("run\tid\tactive\tcolumn\turi\\")]
    [InlineData("run\tid\tactive\tcolumn\turi\\x")]
    public void A_line_that_makes_no_sense_is_refused(string line) =>
        Assert.Throws<InvalidDataException>(() => ArtifactReference.Parse(line));
}
