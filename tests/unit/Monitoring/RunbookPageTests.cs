using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Monitoring;

namespace KubectlMlopsBackup.UnitTests.Monitoring;

public sealed class RunbookPageTests
{
    [Fact]
    public void The_page_is_that_of_the_release() => Assert.Equal(
        "https://github.com/o/kubectl-mlopsbackup/blob/v1.2.3/docs/troubleshooting.md", RunbookPage.Of("https://github.com/o/kubectl-mlopsbackup/", "1.2.3"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_build_that_does_not_know_where_it_is_from_links_nowhere(string? repository)
    {
        Assert.Null(RunbookPage.Of(repository, "1.2.3"));
        Assert.DoesNotContain("runbook_url", AlertText.Rules("mlops", null), StringComparison.Ordinal);
        Assert.DoesNotContain("runbook_url", AlertText.Object("mlops", null, new Dictionary<string, string>(), null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://wiki.example.com/page", true)]
    [InlineData("http://wiki/page?raw=1", true)]
    [InlineData("docs/troubleshooting.md", false)]
    [InlineData("/docs/troubleshooting.md", false)]
    [InlineData("file:///docs/troubleshooting.md", false)]
    [InlineData("https://wiki.example.com/page#top", false)]
    [InlineData("", false)]
    public void A_link_is_absolute_and_without_a_fragment(string url, bool fits) => Assert.Equal(fits, MonitoringRules.IsRunbook(url));
}
