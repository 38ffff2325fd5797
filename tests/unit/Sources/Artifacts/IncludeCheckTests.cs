using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Restore;

namespace KubectlMlopsBackup.UnitTests.Sources.Artifacts;

public sealed class IncludeCheckTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("", "**")]
    [InlineData("1/**", "")]
    [InlineData("MLmodel", "")]
    [InlineData("1/a/MLmodel 2", "")]
    [InlineData("1 2", "MLmodel")]
    public async Task Patterns_that_fit_pass(string include, string exclude) => Assert.Null(await CheckAsync(include, exclude));

    [Theory]
    [InlineData("nothing/**", "", "fits 'nothing/**'")]
    [InlineData("1/a/typo*", "", "fits '1/a/typo*'")]
    [InlineData("3 1/** weigths", "", "fits '3' or 'weigths'")]
    [InlineData("MLmodel", "1", "--exclude leaves nothing of what --include names")]
    public async Task A_pattern_that_fits_nothing_is_named(string include, string exclude, string message)
    {
        var error = await CheckAsync(include, exclude);
        Assert.NotNull(error);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains("kubectl mlopsbackup export artifacts --from ", error.Fix, StringComparison.Ordinal);
    }

    private static async Task<UserError?> CheckAsync(string include, string exclude)
    {
        using var world = await ArtifactWorld.CreateAsync();
        world.Write("1/a/MLmodel", "m"u8.ToArray());
        world.Write("2/weights", "w"u8.ToArray());
        var snapshot = (await world.BackUpAsync()).Snapshot;
        using var reader = new ChunkReader(world.Repository, (await IndexLoader.LoadAsync(world.Repository, ArtifactWorld.Cancel)).Index);
        string[] Patterns(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            await IncludeCheck.RunAsync(reader, snapshot, new PathFilter(Patterns(include), Patterns(exclude)), ArtifactWorld.Cancel);
            return null;
        }
        catch (UserError e)
        {
            return e;
        }
    }
}
