using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.UnitTests.Sources.Postgres;

public sealed class PgRestoreErrorsTests
{
    private const string PublicExists = """
        pg_restore: while PROCESSING TOC:
        pg_restore: from TOC entry 3; 2615 2200 SCHEMA public postgres
        pg_restore: error: could not execute query: ERROR:  schema "public" already exists
        Command was: CREATE SCHEMA public;


        """;

    [Fact]
    public void Silence_is_no_message()
    {
        Assert.Empty(PgRestoreErrors.Read([]));
        Assert.Empty(PgRestoreErrors.Read(["", ""]));
    }

    [Theory]
    [InlineData(PublicExists)]
    [InlineData("""
        pg_restore: error: could not execute query: ERROR:  must be owner of extension plpgsql
        Command was: COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';
        """)]
    [InlineData("""
        pg_restore: while INITIALIZING:
        pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"
        Command was: SET transaction_timeout = 0;
        """)]
    [InlineData(PublicExists + "pg_restore: warning: errors ignored on restore: 1")]
    public void What_does_no_harm_is_let_pass_with_a_reason(string stderr)
    {
        var messages = PgRestoreErrors.Read(stderr.Split('\n'));
        Assert.NotEmpty(messages);
        Assert.All(messages, m => Assert.NotNull(m.BenignBecause));
        Assert.DoesNotContain(stderr.Split('\n'), PgRestoreErrors.CannotBeBenign);
    }

    [Theory]
    [InlineData("pg_restore: error: could not execute query: ERROR:  relation \"t\" already exists\nCommand was: CREATE TABLE t ();")]
    [InlineData("pg_restore: error: could not execute query: ERROR:  schema \"other\" already exists\nCommand was: CREATE SCHEMA other;")]
    [InlineData("pg_restore: error: could not execute query: ERROR:  must be owner of extension citext\nCommand was: ALTER EXTENSION citext SET SCHEMA x;")]
    [InlineData("pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter \"work_memory\"\nCommand was: SET work_memory = 0;")]
    [InlineData("pg_restore: error: COPY failed for table \"t\": ERROR:  value too long\nCONTEXT:  COPY t, line 3")]
    [InlineData("pg_restore: error: could not read from input file: end of file")]
    [InlineData("pg_restore: warning: restoring tables WITH OIDS is not supported anymore")]
    [InlineData("pg_restore: something nobody has seen before")]
    [InlineData("Segmentation fault")]
    public void All_else_fails_the_restore(string stderr)
    {
        var message = Assert.Single(PgRestoreErrors.Read(stderr.Split('\n')));
        Assert.Null(message.BenignBecause);
        Assert.Contains(stderr.Split('\n')[0], message.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_harmful_error_between_benign_ones_is_found()
    {
        var stderr = PublicExists
            + "pg_restore: from TOC entry 9; 1 2 CONSTRAINT public t t_pkey boss\n"
            + "pg_restore: error: could not execute query: ERROR:  could not create unique index \"t_pkey\"\nDETAIL:  Key (a)=(1) is duplicated.\n"
            + "Command was: ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (a);\n\n"
            + PublicExists
            + "pg_restore: warning: errors ignored on restore: 3";
        var messages = PgRestoreErrors.Read(stderr.Split('\n'));
        Assert.Equal(4, messages.Count);
        Assert.Contains("is duplicated", Assert.Single(messages, m => m.BenignBecause is null).Text, StringComparison.Ordinal);
        Assert.Contains(stderr.Split('\n'), PgRestoreErrors.CannotBeBenign);
    }

    [Fact]
    public void A_count_of_ignored_errors_that_were_not_seen_fails_the_restore() =>
        Assert.Contains(
            PgRestoreErrors.Read((PublicExists + "pg_restore: warning: errors ignored on restore: 2").Split('\n')),
            m => m.BenignBecause is null);
}
