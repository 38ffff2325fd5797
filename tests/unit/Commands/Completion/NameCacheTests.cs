using KubectlMlopsBackup.Commands.Completion;

namespace KubectlMlopsBackup.UnitTests.Commands.Completion;

public sealed class NameCacheTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("names").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_written_is_read_and_lists_are_apart()
    {
        var cache = new NameCache(folder);
        cache.Write("a", [("one", "first"), ("two", "")]);

        Assert.Equal([("one", "first"), ("two", "")], cache.Read("a"));
        Assert.Empty(cache.Read("b"));
    }

    [Fact]
    public void A_name_stays_one_name()
    {
        var cache = new NameCache(folder);
        cache.Write("a", [("evil\nname\tx", "also\nhere")]);

        var (name, description) = Assert.Single(cache.Read("a"));
        Assert.DoesNotContain('\n', name);
        Assert.DoesNotContain('\n', description);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_as_good_as_an_empty_cache()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        foreach (var cache in new[] { new NameCache(Path.Combine(file, "below")), new NameCache(null) })
        {
            cache.Write("a", [("one", "")]);
            Assert.Empty(cache.Read("a"));
        }
    }

    [Fact]
    public void A_file_that_is_too_long_is_not_read()
    {
        var cache = new NameCache(folder);
        cache.Write("a", [("one", "")]);
        File.WriteAllText(Assert.Single(Directory.GetFiles(folder)), new string('x', 2 << 20));

        Assert.Empty(cache.Read("a"));
    }
}
