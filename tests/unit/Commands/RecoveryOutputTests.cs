using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.Recovery.Reports;

namespace KubectlMlopsBackup.UnitTests.Commands;

public sealed class RecoveryOutputTests
{
    [Fact]
    public void A_file_that_is_there_is_refused_before_anything_is_begun()
    {
        var file = Path.ChangeExtension(Path.GetTempFileName(), ".html");
        File.WriteAllText(file, "of the last drill");
        try
        {
            var e = Assert.Throws<UserError>(() => RecoveryOutput.Files([file]));

            Assert.Equal(ExitCode.Usage, e.Code);
            Assert.Contains(file, e.Message, StringComparison.Ordinal);
            Assert.Equal("of the last drill", File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_files_name_says_its_format()
    {
        Assert.Equal(ReportFormat.JUnit, Assert.Single(RecoveryOutput.Files(["/nowhere/drill.xml"])).Format);
        Assert.Contains("says no format", Assert.Throws<UserError>(() => RecoveryOutput.Files(["/nowhere/drill.pdf"])).Message, StringComparison.Ordinal);
    }
}
