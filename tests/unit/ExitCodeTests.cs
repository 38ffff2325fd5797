namespace KubectlMlopsBackup.UnitTests;

public sealed class ExitCodeTests
{
    [Fact]
    public void Exit_codes_are_the_documented_contract()
    {
        var codes = Enum.GetValues<ExitCode>().ToDictionary(c => c.ToString(), c => (int)c);
        Assert.Equal(
            new Dictionary<string, int>
            {
                ["Done"] = 0,
                ["Failed"] = 1,
                ["Usage"] = 2,
                ["Incomplete"] = 3,
                ["CheckFailed"] = 4,
                ["NoRepository"] = 10,
                ["Locked"] = 11,
                ["WrongKey"] = 12,
                ["Cancelled"] = 130,
            },
            codes);
    }
}
