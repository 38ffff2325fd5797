using System.Runtime.Versioning;
using KubectlMlopsBackup.Seed;
using KubectlMlopsBackup.Seed.Checksums;

namespace KubectlMlopsBackup.UnitTests.Seed;

[SupportedOSPlatform("linux")]
public sealed class TreeTests : IDisposable
{
    private static readonly SeedOptions Small = new()
    {
        Runs = 20,
        MetricsPerRun = 10,
        Experiments = 3,
        LoggedModels = 5,
        Traces = 8,
        Bytes = 3 << 20,
    };

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("seed-tests-");

    [Fact]
    public void The_same_seed_gives_the_same_tree_to_the_last_byte_and_time()
    {
        var first = Grown("a", Small);
        Assert.Equal(first, Grown("b", Small));
        Assert.NotEqual(first.Sha256, Grown("c", Small with { Seed = 43 }).Sha256);
        Assert.Equal(0, first.Others);
    }

    [Fact]
    public void A_directory_with_something_in_it_is_refused()
    {
        File.WriteAllText(Path.Combine(_temporary.FullName, "mine"), "");
        var error = Assert.Throws<SeedError>(() => Write(_temporary.FullName, Small));
        Assert.Contains("--artifacts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Losing_a_run_removes_one_directory_and_changes_no_other()
    {
        Write(At("tree"), Small);
        var catalog = PlatformSeeder.LaterDay(Small, percent: 10, day: 1);
        PlatformSeeder.WriteArtifacts(At("tree"), catalog, TestContext.Current.CancellationToken);
        var times = Experiments();
        var lost = PlatformSeeder.LoseRun(At("tree"), catalog);
        Assert.False(Directory.Exists(At("tree/" + lost)));
        Assert.Equal(times, Experiments());
    }

    public static TheoryData<string> Changes => ["content", "time", "mode", "name", "link", "empty directory", "name that is no UTF-8"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void The_checksum_sees_every_change_of(string what)
    {
        Directory.CreateDirectory(At("tree/inner"));
        File.WriteAllText(At("tree/inner/file"), "one");
        File.CreateSymbolicLink(At("tree/link"), "inner/file");
        var before = Checksum("tree");
        Assert.Equal(before, Checksum("tree"));
        var file = At("tree/inner/file");
        var time = File.GetLastWriteTimeUtc(file);
        switch (what)
        {
            case "content":
                File.WriteAllText(file, "two");
                File.SetLastWriteTimeUtc(file, time);
                break;
            case "time":
                File.SetLastWriteTimeUtc(file, time.AddTicks(1));
                break;
            case "mode":
                File.SetUnixFileMode(file, UnixFileMode.UserRead);
                break;
            case "name":
                File.Move(file, file + "2");
                break;
            case "link":
                File.Delete(At("tree/link"));
                File.CreateSymbolicLink(At("tree/link"), "inner/filf");
                break;
            case "empty directory":
                Directory.CreateDirectory(At("tree/empty"));
                break;
            default:
                OddNames.Create(At("tree"), 0xFF);
                var odd = Checksum("tree");
                Assert.Equal(before.Files + 1, odd.Files);
                OddNames.Delete(At("tree"), 0xFF);
                OddNames.Create(At("tree"), 0xFE);
                var other = Checksum("tree");
                OddNames.Delete(At("tree"), 0xFE);
                Assert.NotEqual(odd.Sha256, other.Sha256);
                return;
        }

        Assert.NotEqual(before.Sha256, Checksum("tree").Sha256);
    }

    public void Dispose() => _temporary.Delete(recursive: true);

    private static void Write(string directory, SeedOptions options) =>
        PlatformSeeder.WriteArtifacts(directory, PlatformSeeder.FirstDay(options), TestContext.Current.CancellationToken);

    private TreeChecksum Grown(string name, SeedOptions options)
    {
        Write(At(name), options);
        PlatformSeeder.WriteArtifacts(At(name), PlatformSeeder.LaterDay(options, percent: 10, day: 1), TestContext.Current.CancellationToken);
        return Checksum(name);
    }

    private List<(string, DateTime)> Experiments() =>
        [.. Directory.GetDirectories(At("tree")).Order(StringComparer.Ordinal).Select(d => (d, Directory.GetLastWriteTimeUtc(d)))];

    private TreeChecksum Checksum(string name) => TreeChecksum.Of(At(name), contentOnly: false, TestContext.Current.CancellationToken);

    private string At(string name) => Path.Combine(_temporary.FullName, name);
}
