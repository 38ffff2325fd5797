using KubectlMlopsBackup.Repository.Reading;

namespace KubectlMlopsBackup.UnitTests.Repository.Reading;

public sealed class ReadAheadTests
{
    /// <summary>A stream that owns one does so: the base class's <c>DisposeAsync</c> also calls <c>Dispose</c>.</summary>
    [Fact]
    public async Task Disposing_twice_is_disposing_once()
    {
        var ahead = new ReadAhead(null!, [], 1, TestContext.Current.CancellationToken);
        await ahead.DisposeAsync();
        await ahead.DisposeAsync();
    }
}
