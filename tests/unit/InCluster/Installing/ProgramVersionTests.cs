using KubectlMlopsBackup.InCluster.Installing;

namespace KubectlMlopsBackup.UnitTests.InCluster.Installing;

public sealed class ProgramVersionTests
{
    /// <summary>The order of semver.org's own example, and what lies around it.</summary>
    private static readonly string[] Ascending =
    [
        "nonsense", "0.9.9", "0.10.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "2.0.0",
    ];

    [Fact]
    public void Versions_have_the_order_of_semver()
    {
        for (var i = 0; i < Ascending.Length; i++)
        {
            for (var j = 0; j < Ascending.Length; j++)
            {
                Assert.Equal(Math.Sign(i - j), Math.Sign(ProgramVersion.Compare(Ascending[i], Ascending[j])));
            }
        }
    }

    [Theory]
    [InlineData("1.2.0", "1.2")]
    [InlineData("v1.2.3", "1.2.3")]
    [InlineData("1.2.3+build7", "1.2.3")]
    public void What_does_not_count_is_left_out(string a, string b) => Assert.Equal(0, ProgramVersion.Compare(a, b));
}
