using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.UnitTests.Sources.Postgres;

public sealed class SqlTests
{
    [Theory]
    [InlineData("a", "'a'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("a\\'b", " E'a\\\\''b'")]
    public void Literals_are_quoted(string value, string expected) => Assert.Equal(expected, Sql.Literal(value));

    [Fact]
    public void Identifiers_are_quoted() => Assert.Equal("\"a\"\"b\"", Sql.Identifier("a\"b"));

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("aäb", 2, "a")]
    [InlineData("☃☃", 5, "☃")]
    public void Names_are_cut_between_characters(string name, int bytes, string expected) =>
        Assert.Equal(expected, Sql.Cut(name, bytes));

    [Theory]
    [InlineData(null, "work_mem", "7MB", "ALTER DATABASE \"d\" SET \"work_mem\" TO '7MB'")]
    [InlineData("r", "search_path", "\"$user\", public, \"odd \"\"one\"\", x\"", "ALTER ROLE \"r\" IN DATABASE \"d\" SET \"search_path\" TO '$user', 'public', 'odd \"one\", x'")]
    [InlineData(null, "search_path", "", "ALTER DATABASE \"d\" SET \"search_path\" TO ''")]
    [InlineData(null, "search_path", "\"\"", "ALTER DATABASE \"d\" SET \"search_path\" TO ''")]
    [InlineData(null, "my.param", "a, b", "ALTER DATABASE \"d\" SET \"my\".\"param\" TO 'a, b'")]
    public void Settings_are_put_back_as_they_were(string? role, string name, string value, string expected) =>
        Assert.Equal(expected, new DatabaseSetting(role, name, value).ToSql("d"));

    [Fact]
    public void Grants_are_put_back_as_they_were()
    {
        Assert.Equal("GRANT CONNECT ON DATABASE \"d\" TO PUBLIC", new DatabaseGrant(null, "CONNECT", false).ToSql("d"));
        Assert.Equal(
            "GRANT CREATE ON DATABASE \"d\" TO \"r\" WITH GRANT OPTION", new DatabaseGrant("r", "CREATE", true).ToSql("d"));
    }

    [Fact]
    public void A_script_in_place_commits_last_and_only_after_the_check()
    {
        var begin = InPlaceScript.Begin(["\"public\".\"t\""], TimeSpan.FromSeconds(3));
        Assert.StartsWith("BEGIN;\n", begin, StringComparison.Ordinal);
        Assert.Contains("lock_timeout = 3000", begin, StringComparison.Ordinal);
        var end = InPlaceScript.End([new TableRows("public", "it's", 7)], null, []);
        Assert.Contains("('\"public\".\"it''s\"', '', 7::bigint)", end, StringComparison.Ordinal);
        Assert.EndsWith($"COMMIT;\n\\echo {InPlaceScript.Committed}\n", end, StringComparison.Ordinal);
        Assert.DoesNotContain("COMMIT", begin + end[..end.LastIndexOf("COMMIT", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_only_newer_servers_know_is_taken_out()
    {
        var head = "SET lock_timeout = 0;\nSET transaction_timeout = 0;\nSET x = 1;\n"u8;
        Assert.Equal("SET lock_timeout = 0;\n\nSET x = 1;\n"u8, InPlaceScript.WithoutNewSettings(head));
        Assert.Equal("SET x = 1;\n"u8, InPlaceScript.WithoutNewSettings("SET x = 1;\n"u8));
    }
}
