using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Output;

public sealed class TableWriterTests
{
    [Fact]
    public void A_table_looks_as_kubectls() => Assert.Equal(
        """
        ID      SIZE      PATH
        4f2a    1.2 GiB   /mlflow/artifacts
        9c11b   <none>    /é

        """,
        Write(Sample()));

    [Fact]
    public void Wide_columns_are_shown_when_asked_for() => Assert.Equal(
        """
        ID      SIZE      HOST     PATH
        4f2a    1.2 GiB   node-1   /mlflow/artifacts
        9c11b   <none>    <none>   /é

        """,
        Write(Sample(), wide: true));

    [Fact]
    public void Only_the_last_column_is_cut_and_only_on_a_terminal()
    {
        var lines = Write(Sample(), width: 30).Split('\n');

        Assert.Equal("4f2a   1.2 GiB  /mlflow/artif…", lines[1]);
        Assert.Equal("9c11b  <none>   /é", lines[2]);
        Assert.Contains("4f2a   1.2 GiB  /mlflow/artifacts\n", Write(Sample(), width: 20), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "ID      SIZE      STORED    TOOK", "4f2a1   302 MiB   226 MiB   1.3s")]
    [InlineData(32, "ID      SIZE      STORED    TOOK", "4f2a1   302 MiB   226 MiB   1.3s")]
    [InlineData(31, "ID     SIZE     STORED   TOOK", "4f2a1  302 MiB  226 MiB  1.3s")]
    [InlineData(29, "ID     SIZE     STORED   TOOK", "4f2a1  302 MiB  226 MiB  1.3s")]
    [InlineData(28, "ID     SIZE     TOOK", "4f2a1  302 MiB  1.3s")]
    [InlineData(19, "ID     TOOK", "4f2a1  1.3s")]
    public void Where_it_is_narrow_columns_move_together_and_spare_ones_go_the_last_first(int? width, string header, string row)
    {
        var table = new TableWriter(new("id"), new("size", Spare: true), new("stored", Spare: true), new("took")).Add("4f2a1", "302 MiB", "226 MiB", "1.3s");

        Assert.Equal($"{header}\n{row}\n", Write(table, width: width));
    }

    [Fact]
    public void Who_asks_for_all_columns_has_all()
    {
        var table = new TableWriter(new("id"), new("size", Spare: true), new("took")).Add("4f2a1", "302 MiB", "1.3s");

        Assert.Equal("ID     SIZE     TOOK\n4f2a1  302 MiB  1.3s\n", Write(table, wide: true, width: 12));
    }

    [Fact]
    public void A_name_cannot_control_the_terminal_or_forge_a_row()
    {
        var table = new TableWriter(new TableColumn("name")).Add("a\u001b[2J\nok   b\u202Ec");

        Assert.Equal("NAME\na\uFFFD[2J\uFFFDok   b\uFFFDc\n", Write(table));
    }

    [Fact]
    public void A_table_without_rows_has_its_headers() => Assert.Equal("NAME   AGE\n", Write(new TableWriter(new("name"), new("age"))));

    [Fact]
    public void Too_few_cells_are_a_bug() => Assert.Throws<ArgumentException>(() => Sample().Add("one"));

    private static TableWriter Sample() => new TableWriter(new("id"), new("size"), new("host", WideOnly: true), new("path"))
        .Add("4f2a", "1.2 GiB", "node-1", "/mlflow/artifacts")
        .Add("9c11b", null, "", "/é");

    private static string Write(TableWriter table, bool wide = false, int? width = null)
    {
        var output = new StringWriter();
        table.Write(output, wide, width);
        return output.ToString();
    }
}
