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

        Assert.Equal("4f2a    1.2 GiB   /mlflow/art…", lines[1]);
        Assert.Equal("9c11b   <none>    /é", lines[2]);
        Assert.Equal(Write(Sample()), Write(Sample(), width: 20));
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
