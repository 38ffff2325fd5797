using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository.Storage;

public sealed class FaultyStoreTests : IDisposable
{
    private readonly MemoryStore _inner = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _inner.Dispose();

    [Fact]
    public async Task A_fault_before_changes_nothing_and_one_after_has_happened()
    {
        var store = new FaultyStore(_inner, call => call switch
        {
            { Operation: StoreOperation.Commit, Key: "before" } => StoreFault.ThrowBefore,
            { Operation: StoreOperation.Commit, Key: "after" } => StoreFault.ThrowAfter,
            _ => StoreFault.None,
        });

        await Assert.ThrowsAsync<InjectedFaultException>(() => store.PutAsync("before", new byte[1], Token));
        await Assert.ThrowsAsync<InjectedFaultException>(() => store.PutAsync("after", new byte[1], Token));
        await store.PutAsync("fine", new byte[1], Token);

        Assert.Equal(["after", "fine"], _inner.Objects.Keys.Order());
    }

    [Theory]
    [InlineData(StoreFault.Crash, 2)]
    [InlineData(StoreFault.CrashAfter, 3)]
    public async Task After_a_crash_every_call_fails(object fault, int survivors)
    {
        var store = new FaultyStore(_inner, call =>
            call is { Operation: StoreOperation.Commit, Count: 3 } ? (StoreFault)fault : StoreFault.None);
        await store.PutAsync("a", new byte[1], Token);
        await store.PutAsync("b", new byte[1], Token);

        await Assert.ThrowsAsync<InjectedFaultException>(() => store.PutAsync("c", new byte[1], Token));

        Assert.True(store.Crashed);
        Assert.Throws<InjectedFaultException>(store.Create);
        await Assert.ThrowsAsync<InjectedFaultException>(() => store.SizeAsync("a", Token));
        Assert.Equal(survivors, _inner.Objects.Count);
    }

    [Fact]
    public async Task Reads_are_cut_short_or_altered_without_a_word()
    {
        byte[] content = [1, 2, 3, 4];
        await _inner.PutAsync("a", content, Token);
        var store = new FaultyStore(_inner, call => call switch
        {
            { Operation: StoreOperation.Read, Count: 1 } => StoreFault.Truncate,
            { Operation: StoreOperation.Read, Count: 2 } => StoreFault.FlipBit,
            _ => StoreFault.None,
        });

        Assert.Equal([1, 2], await store.GetAsync("a", 10, Token));
        Assert.Equal([1, 2, 2, 4], await store.GetAsync("a", 10, Token));
        Assert.Equal(content, await store.GetAsync("a", 10, Token));
    }
}
