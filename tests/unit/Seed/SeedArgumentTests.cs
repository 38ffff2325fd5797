using KubectlMlopsBackup.Seed;
using KubectlMlopsBackup.Seed.Commands;
using KubectlMlopsBackup.Seed.Database;

namespace KubectlMlopsBackup.UnitTests.Seed;

public sealed class SeedArgumentTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("512", 512L)]
    [InlineData("0.5KiB", 512L)]
    [InlineData("300MiB", 300L << 20)]
    [InlineData("4GiB", 4L << 30)]
    public void Sizes_are_read(string text, long bytes) => Assert.Equal(bytes, Sizes.Bytes("--bytes", text));

    [Theory]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("4 GB")]
    public void What_is_no_size_is_refused_by_name(string text) =>
        Assert.StartsWith("--bytes", Assert.Throws<SeedError>(() => Sizes.Bytes("--bytes", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_password_among_the_arguments_is_refused_and_not_repeated()
    {
        var error = Assert.Throws<SeedError>(() => PostgresAddress.Open("host=/run user=u password=hunter2"));
        Assert.Contains("PGPASSWORD", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "97727af70f4d")]
    [InlineData(2, "0584bdc529eb")]
    [InlineData(3, "5d2d30f0abce")]
    public void Each_generation_says_its_revision_and_makes_indexes_after_the_rows(int generation, string revision)
    {
        var schema = SchemaScript.Load(generation);
        Assert.Contains($"INSERT INTO alembic_version VALUES ('{revision}')", schema.Tables, StringComparison.Ordinal);
        Assert.DoesNotContain("CREATE INDEX", schema.Tables, StringComparison.Ordinal);
        Assert.DoesNotContain("CREATE TABLE", schema.Constraints, StringComparison.Ordinal);
    }
}
