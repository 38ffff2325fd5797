using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.UnitTests.Sources.Postgres;

public sealed class DumpContentsTests
{
    [Fact]
    public void Table_data_is_found_by_oid_whatever_the_names_are()
    {
        var contents = DumpContents.Parse(
        [
            ";", "; Archive created at 2026-11-24 16:02:04 UTC", "",
            "2; 3079 16463 EXTENSION - citext ", "215; 1259 16390 TABLE public TABLE DATA boss",
            "3450; 0 16390 TABLE DATA public TABLE DATA boss", "3451; 0 4294967295 TABLE DATA Odd Schema a b boss",
            "3453; 0 16458 MATERIALIZED VIEW DATA public mv boss",
        ]);
        Assert.Equal(5, contents.Entries.Count);
        Assert.Equal([16390u, 4294967295u], contents.TableData.Order());
        Assert.Equal("2; 3079 16463 EXTENSION - citext ", contents.Entries[0].Line);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1; 2")]
    [InlineData("x; 0 1 TABLE DATA public t boss")]
    [InlineData("1; 0 -1 TABLE DATA public t boss")]
    public void A_line_that_makes_no_sense_is_refused(string line) =>
        Assert.Throws<InvalidDataException>(() => DumpContents.Parse([line]));
}
