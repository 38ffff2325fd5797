using CsCheck;
using KubectlMlopsBackup.Mlflow;

namespace KubectlMlopsBackup.UnitTests.Mlflow;

public sealed class ArtifactMapTests
{
    private static readonly Gen<string> Segment = Gen.String[Gen.Char["abc-_.= é"], 1, 4].Where(s => s.Trim() == s && s.Trim('.').Length > 0);

    private static readonly Gen<string> Root = Gen.Select(
        Gen.OneOf(Gen.Const("s3://"), Gen.Const("gs://"), Gen.Const("file:///"), Gen.Const("/"), Gen.Const("wasbs://c@h/")), Segment.Array[1, 3], (start, path) => start + string.Join('/', path));

    [Theory]
    [InlineData("s3://a/b", "s3://n/m")]
    [InlineData("s3://a/b/", "s3://n/m/")]
    [InlineData("s3://a/b/x/y", "s3://n/m/x/y")]
    [InlineData("s3://a/b//x", "s3://n/m//x")]
    [InlineData("s3://a/bc", null)]
    [InlineData("s3://a", null)]
    [InlineData("S3://a/b", null)]
    [InlineData("x/s3://a/b", null)]
    [InlineData("mlflow-artifacts:/s3://a/b", null)]
    [InlineData("", null)]
    public void Only_whole_segments_fit(string uri, string? expected)
    {
        Assert.Equal(expected, Map("s3://a/b=s3://n/m").Rewrite(uri));
        Assert.Equal(expected, Map("s3://a/b/=s3://n/m//").Rewrite(uri));
    }

    [Theory]
    [InlineData("s3://a/b/c/x", "/deep/x")]
    [InlineData("s3://a/b/d", "/flat/b/d")]
    [InlineData("/deep/x", "s3://back/x")]
    public void The_longest_that_fits_counts_once(string uri, string expected) =>
        Assert.Equal(expected, Map("s3://a=/flat", "/deep=s3://back", "s3://a/b/c=/deep").Rewrite(uri));

    [Theory]
    [InlineData("s3://b/year=2026=s3://c/y=1", "s3://b/year=2026/x", "s3://c/y=1/x")]
    [InlineData("./mlruns=/mnt/mlruns", "./mlruns/0", "/mnt/mlruns/0")]
    [InlineData("s3://b/root=mlflow-artifacts:/", "s3://b/root/0/r", "mlflow-artifacts:/0/r")]
    [InlineData("s3://b/root=mlflow-artifacts:/", "s3://b/root", "mlflow-artifacts:/")]
    public void Unusual_places_can_be_mapped(string text, string uri, string expected) =>
        Assert.Equal(expected, Map(text).Rewrite(uri));

    [Theory]
    [InlineData("", "is not OLD=NEW")]
    [InlineData("s3://a", "is not OLD=NEW")]
    [InlineData("s3://a=", "is not OLD=NEW")]
    [InlineData("s3://a=bucket", "is not OLD=NEW")]
    [InlineData("=s3://b", "is empty")]
    [InlineData("/=/mnt", "no place")]
    [InlineData("s3://=s3://b/c", "no place")]
    [InlineData("bucket=s3://b", "no place")]
    [InlineData("s3://a=/", "not a place")]
    [InlineData("s3://a=gs://", "not a place")]
    [InlineData("s3://a=runs:/x", "not a place")]
    [InlineData("s3://a=models:/x", "not a place")]
    [InlineData("mlflow-artifacts:/=s3://b", "relative to the MLflow server")]
    [InlineData("models:/m=s3://b", "relative to the MLflow server")]
    [InlineData("runs:/m=s3://b", "relative to the MLflow server")]
    [InlineData("s3://a=s3://a/", "the same")]
    [InlineData("/a=/b=/c", "more than one way")]
    [InlineData("s3://a = s3://b", "blanks")]
    [InlineData("s3://a=s3://b\n", "blanks")]
    public void Nonsense_is_refused_by_the_name_of_the_option(string text, string why)
    {
        var error = Assert.Throws<UserError>(() => ArtifactMap.Parse([text]));
        Assert.StartsWith("--map-artifacts: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Fix);
        Assert.Equal(ExitCode.Usage, error.Code);
    }

    [Fact]
    public void One_old_place_has_one_new_place()
    {
        var error = Assert.Throws<UserError>(() => ArtifactMap.Parse(["s3://a=s3://b", "s3://a/=s3://c"]));
        Assert.Contains("s3://a is mapped to two places", error.Message, StringComparison.Ordinal);
        Assert.Single(Map("s3://a=s3://b", "s3://a/=s3://b").Mappings);
        Assert.Null(ArtifactMap.Parse([]));
    }

    [Fact]
    public void A_password_in_a_place_is_not_said()
    {
        var error = Assert.Throws<UserError>(() => ArtifactMap.Parse(["ftp://me:hunter2@host/a"]));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
        Assert.Contains("ftp://me:***@host/a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_under_an_old_place_lies_under_the_new_one_and_can_be_mapped_back() =>
        Gen.Select(Root, Root, Segment.Array[0, 3]).Where((old, @new, _) => IsMap(old, @new) && IsMap(@new, old)).Sample((old, @new, path) =>
        {
            var rest = string.Concat(path.Select(p => "/" + p));
            var moved = Map($"{old}={@new}").Rewrite(old + rest);
            return moved == @new + rest && Map($"{@new}={old}").Rewrite(moved) == old + rest;
        });

    [Fact]
    public void A_longer_name_of_the_same_beginning_never_fits() =>
        Gen.Select(Root, Root, Segment).Where((old, @new, _) => IsMap(old, @new)).Sample((old, @new, more) =>
            Map($"{old}={@new}").Rewrite(old + more) is null && Map($"{old}={@new}").Rewrite(old[..^1]) is null);

    [Fact]
    public void The_order_of_the_maps_does_not_matter() =>
        Gen.Select(Root, Segment, Segment).Sample((root, one, two) =>
        {
            string[] maps = [$"{root}=/n1", $"{root}/{one}=/n2", $"{root}/{one}/{two}=/n3"];
            var uri = $"{root}/{one}/{two}/x";
            return maps.All(m => IsMap(m)) is false
                || (Map(maps).Rewrite(uri) == "/n3/x" && Map([.. maps.Reverse()]).Rewrite(uri) == "/n3/x");
        });

    private static ArtifactMap Map(params string[] texts) => ArtifactMap.Parse(texts)!;

    /// <summary>Segments with equals signs may make a text that is refused, for good.</summary>
    private static bool IsMap(string old, string @new) => old != @new && IsMap($"{old}={@new}");

    private static bool IsMap(string text)
    {
        try
        {
            return ArtifactMap.Parse([text]) is not null;
        }
        catch (UserError)
        {
            return false;
        }
    }
}
