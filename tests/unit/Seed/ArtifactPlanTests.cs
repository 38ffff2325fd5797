using CsCheck;
using KubectlMlopsBackup.Seed;
using KubectlMlopsBackup.Seed.Artifacts;
using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.UnitTests.Seed;

public sealed class ArtifactPlanTests
{
    private static readonly SeedOptions Small = new()
    {
        Runs = 60,
        MetricsPerRun = 20,
        Experiments = 4,
        LoggedModels = 12,
        Traces = 25,
        Bytes = 16 << 20,
        Files = 900,
    };

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.15)]
    [InlineData(0.4)]
    public void Copies_are_the_wanted_share_by_count_and_by_bytes(double share)
    {
        var plan = Plan(Small with { Duplicates = share });
        var copies = Copies(plan).ToList();
        Assert.Equal(share, (double)copies.Count / plan.Files.Count, 0.03);
        Assert.Equal(share, copies.Sum(f => (double)f.Size) / plan.Files.Sum(f => f.Size), 0.03);
    }

    [Fact]
    public void Copies_have_the_bytes_of_their_original_and_nothing_else_is_equal()
    {
        var plan = Plan(Small);
        var hashes = plan.Files.Select(f => Hash(plan, f)).ToList();
        Assert.All(plan.Files.Index(), f => Assert.Equal(hashes[f.Item.Source], hashes[f.Index]));
        Assert.Equal(plan.Files.Count - Copies(plan).Count(), hashes.Distinct().Count());
    }

    [Fact]
    public void Size_and_number_of_files_are_as_asked_for() => SomeOptions.Sample(
        options =>
        {
            var plan = Plan(options);
            Assert.True(plan.Files.Count >= options.Files);
            Assert.All(plan.Files, f => Assert.InRange(f.Size, 64, 100 << 20));
            Assert.InRange(plan.Files.Sum(f => f.Size), options.Bytes * 0.9, options.Bytes * 1.1);
        },
        iter: 50);

    [Fact]
    public void No_two_files_have_one_path_on_any_day() => SomeOptions.Sample(
        options =>
        {
            var plan = ArtifactPlan.Build(PlatformSeeder.LaterDay(options, percent: 7, day: 3));
            var paths = plan.Files.Select(f => ArtifactPaths.Of(plan.Catalog, f)).ToList();
            Assert.Equal(paths.Count, paths.Distinct(StringComparer.Ordinal).Count());
        },
        iter: 30);

    [Fact]
    public void A_later_day_leaves_the_earlier_files_as_they_were()
    {
        var first = Plan(Small);
        var second = ArtifactPlan.Build(PlatformSeeder.LaterDay(Small, percent: 3, day: 1));
        Assert.Equal(first.Files.Count, second.Start);
        Assert.True(second.Files.Count > second.Start);
        Assert.Equal(first.Files, second.Files.Take(second.Start));
        Assert.Equal(
            first.Files.Select(f => ArtifactPaths.Of(first.Catalog, f)),
            second.Files.Take(second.Start).Select(f => ArtifactPaths.Of(second.Catalog, f)));
    }

    private static Gen<SeedOptions> SomeOptions =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[1, 9], Gen.Int[0, 20], Gen.Int[0, 20], Gen.ULong, (runs, experiments, models, traces, seed) =>
            Small with { Runs = runs, Experiments = experiments, LoggedModels = models, Traces = traces, Seed = seed });

    private static ArtifactPlan Plan(SeedOptions options) => ArtifactPlan.Build(PlatformSeeder.FirstDay(options));

    private static IEnumerable<ArtifactFile> Copies(ArtifactPlan plan) => plan.Files.Where((f, i) => f.Source != i);

    private static string Hash(ArtifactPlan plan, ArtifactFile file)
    {
        var content = new byte[file.Size];
        ArtifactContent.Fill(plan.Catalog, file, content);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content));
    }
}
