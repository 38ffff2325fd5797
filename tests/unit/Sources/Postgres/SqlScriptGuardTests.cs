using System.Text;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.UnitTests.Sources.Postgres;

public sealed class SqlScriptGuardTests
{
    [Theory]
    [InlineData("\\connect mlflow\n", "\\connect")]
    [InlineData("SELECT 1;\n\\c mlflow\n", "\\c")]
    [InlineData("SELECT 1 \\gexec\n", "\\gexec")]
    [InlineData("\\! rm -rf /\n", "\\!")]
    [InlineData("DROP DATABASE mlflow;\n", "DROP DATABASE")]
    [InlineData("-- x\ncreate  database\tmlflow WITH TEMPLATE = template0;\n", "CREATE DATABASE")]
    [InlineData("ALTER /* x */ DATABASE mlflow OWNER TO a;\n", "ALTER DATABASE")]
    [InlineData("CREATE ROLE a;\n", "CREATE ROLE")]
    [InlineData("ALTER SYSTEM SET work_mem = 1;\n", "ALTER SYSTEM")]
    [InlineData("COMMIT;\n", "COMMIT")]
    [InlineData("COPY a TO PROGRAM 'sh';\n", "COPY")]
    [InlineData("COPY a FROM '/etc/passwd';\n", "COPY")]
    [InlineData("COPY a (b) FROM stdin;\n1\n\\.\n\\connect x\n", "\\connect")]
    [InlineData("SELECT 'it''s' ; \\connect x\n", "\\connect")]
    [InlineData("SELECT E'\\'' ; \\connect x\n", "\\connect")]
    [InlineData("SELECT E'a''b\\'c' ; \\connect x\n", "\\connect")]
    [InlineData("SELECT $a$ \\connect $b$ $a$; \\connect x\n", "\\connect")]
    [InlineData("SELECT 1 /* /* */ */; \\connect x\n", "\\connect")]
    [InlineData("SELECT 1 /*/ */; \\connect x\n", "\\connect")]
    [InlineData("SELECT \"a\"\"b\" -- '\n; \\connect x\n", "\\connect")]
    public void What_reaches_beyond_the_database_is_refused_wherever_it_is_cut(string sql, string what)
    {
        for (var cut = 0; cut <= sql.Length; cut++)
        {
            var error = Assert.Throws<UserError>(() => Run(sql[..cut], sql[cut..]));
            Assert.Contains(what, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("SET standard_conforming_strings = on;\nSELECT pg_catalog.set_config('search_path', '', false);\n")]
    [InlineData("COPY public.a (b, c) FROM stdin;\n\\N\t\\\\connect\n\\connect\n\\.x\nDROP DATABASE mlflow;\n\\.\n\n\nSELECT 1;\n")]
    [InlineData("COPY public.a (b) FROM stdin; -- x\n'\n\\.\nSELECT 1;\n")]
    [InlineData("INSERT INTO a VALUES ('\\connect', 'DROP DATABASE x;');\n")]
    [InlineData("CREATE FUNCTION f() RETURNS void AS $_$ BEGIN\n\\connect\nEND; $_$ LANGUAGE plpgsql;\n")]
    [InlineData("CREATE FUNCTION f() RETURNS text AS $$ SELECT '\\c'; $$ LANGUAGE sql;\n")]
    [InlineData("SELECT $1, a$b, 1$;\n")]
    [InlineData("CREATE TABLE \"\\connect\" (a int); -- \\connect\n/* \\connect */ COMMENT ON TABLE a IS 'x';\n")]
    [InlineData("CREATE TABLE commits (a int);\nALTER TABLE database ADD x int;\n")]
    [InlineData("--\n-- PostgreSQL database dump complete\n--\n")]
    public void What_pg_dump_writes_goes_through_unchanged(string sql)
    {
        for (var cut = 0; cut <= sql.Length; cut++)
        {
            Assert.Equal(sql, Run(sql[..cut], sql[cut..]));
        }
    }

    [Fact]
    public void Psql_is_not_shown_the_dumps_own_restrict() => Assert.Equal(
        $"{new string(' ', 13)}\nSELECT 1;\n{new string(' ', 15)}\n", Run("\\restrict abc\nSELECT 1;\n\\unrestrict abc\n"));

    [Theory]
    [InlineData("COPY a FROM stdin;\n1\n")]
    [InlineData("SELECT 1")]
    [InlineData("SELECT 'a")]
    [InlineData("SELECT $$ a")]
    [InlineData("SELECT 1;\n")]
    [InlineData("SELECT 1; -- PostgreSQL database dump complete, or not\n")]
    [InlineData("SELECT '\n-- PostgreSQL database dump complete\n';\n")]
    public void A_dump_without_its_end_is_cut_off(string sql)
    {
        var guard = new SqlScriptGuard();
        guard.Check(Encoding.UTF8.GetBytes(sql));

        Assert.Equal(ExitCode.CheckFailed, Assert.Throws<UserError>(guard.End).Code);
    }

    private static string Run(params string[] parts)
    {
        var guard = new SqlScriptGuard();
        var passed = new StringBuilder();
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            guard.Check(bytes);
            passed.Append(Encoding.UTF8.GetString(bytes));
        }

        guard.Check("\n-- PostgreSQL database dump complete\n"u8.ToArray());
        guard.End();
        return passed.ToString();
    }
}
