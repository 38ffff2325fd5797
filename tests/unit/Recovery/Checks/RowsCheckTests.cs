using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.UnitTests.Recovery.Checks;

public sealed class RowsCheckTests
{
    [Theory]
    [InlineData(1000, true, true)]
    [InlineData(999, true, false)]
    [InlineData(1001, true, false)]
    [InlineData(2000, false, true)]
    [InlineData(900, false, true)]
    [InlineData(899, false, false)]
    public void After_a_recovery_no_row_may_be_missing_and_in_use_few(int rows, bool exact, bool passes) => Assert.Equal(
        passes ? CheckOutcome.Passed : CheckOutcome.Failed,
        RowsCheck.Judge([new RestoredTable("public", "runs", 1000, rows), new RestoredTable("public", "tags", 0, 0)], exact, 10, "x").Outcome);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_table_that_is_gone_is_named(bool exact)
    {
        var finding = RowsCheck.Judge([new RestoredTable("public", "runs", 0, null)], exact, 100, "snapshot 12345678");

        Assert.Equal(CheckOutcome.Failed, finding.Outcome);
        Assert.Equal("1 of 1 tables are not as in snapshot 12345678: there is no table public.runs", finding.Evidence);
    }
}
