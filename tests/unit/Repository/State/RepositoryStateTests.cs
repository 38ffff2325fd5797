using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.State;
using KubectlMlopsBackup.Testing;
using static KubectlMlopsBackup.UnitTests.Repository.Engine;

namespace KubectlMlopsBackup.UnitTests.Repository.State;

public sealed class RepositoryStateTests : IDisposable
{
    private readonly MemoryStore store = new() { Free = 1000 };
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = Clock();

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task It_says_what_is_there()
    {
        using var repository = await CreateAsync(store, clock, encrypted: true);
        for (var night = 1; night <= 20; night++)
        {
            await BackUpAsync(repository, new Dictionary<string, byte[]> { ["a"] = new byte[night * 1000] });
            clock.Advance(TimeSpan.FromDays(1));
        }

        await BackUpAsync(repository, new Dictionary<string, byte[]> { ["b"] = new byte[5] }, plan: "other");
        await VerifyAsync(repository);

        var state = await RepositoryStateReader.ReadAsync("local", repository, "test", trend: true, Cancel);

        var component = Assert.Single(state.Components);
        Assert.Equal((Component.Artifacts, 20, VerificationLevel.Data), (component.Component, component.Snapshots, component.Verified));
        Assert.Equal(Enumerable.Range(7, 14).Select(n => n * 1000L), component.Sizes);
        Assert.Equal(14, component.Seconds.Count);
        Assert.Equal(clock.GetUtcNow(), component.VerifiedAt);
        Assert.Equal(clock.GetUtcNow().AddDays(-1), component.NewestComplete);
        Assert.True(component.Growth > 0);
        Assert.Equal(store.Objects.Values.Sum(o => (long)o.Length), state.Bytes);
        Assert.Equal(1000, state.FreeBytes);
        Assert.Equal(component.Newest, state.Usable()!.Time);
        Assert.Equal(VerificationLevel.Data, state.RecoveryPoint!.Verified);
        Assert.Null(state.CompletePoint);
    }

    [Fact]
    public async Task That_a_passphrase_is_kept_elsewhere_is_told_where_somebody_has_shown_it()
    {
        using var repository = await CreateAsync(store, clock, encrypted: true);
        var before = await RepositoryStateReader.ReadAsync("local", repository, "test", trend: false, Cancel);
        Assert.Equal((true, null), (before.Encrypted, before.EscrowedAt));

        var key = store.Objects.Keys.Single(k => k.StartsWith("keys/", StringComparison.Ordinal))["keys/".Length..];
        await new EscrowProof(clock.GetUtcNow(), key).RecordAsync(repository, Cancel);

        Assert.Equal(clock.GetUtcNow(), (await RepositoryStateReader.ReadAsync("local", repository, "test", trend: false, Cancel)).EscrowedAt);
        using var open = new MemoryStore();
        using var clear = await CreateAsync(open, clock);
        Assert.False((await RepositoryStateReader.ReadAsync("local", clear, "test", trend: false, Cancel)).Encrypted);
    }

    [Fact]
    public async Task Whether_database_and_artifacts_fit_is_told_and_is_no_proof_of_the_bytes()
    {
        using var repository = await CreateAsync(store, clock);
        var postgres = await BackUpAsync(repository, new Dictionary<string, byte[]> { ["p"] = new byte[10] });
        clock.Advance(TimeSpan.FromHours(1));
        var artifacts = await BackUpAsync(repository, new Dictionary<string, byte[]> { ["a"] = new byte[10] });
        foreach (bool? consistent in new bool?[] { true, null, false })
        {
            clock.Advance(TimeSpan.FromHours(1));
            await new Verification(clock.GetUtcNow(), VerificationLevel.Mlflow, [postgres.Id, artifacts.Id])
            {
                Consistency = new ConsistencyProof(5, 1, 2, 3, 4, 6) { Consistent = consistent },
            }.RecordAsync(repository, Cancel);
            var state = RepositoryStateReader.Of("local", await CatalogAsync(), "test", trend: true, clock.GetUtcNow());
            Assert.Equal(consistent, state.RecoveryPoint!.Consistent);
            Assert.Null(state.RecoveryPoint.Verified);
            Assert.All(state.Components, c => Assert.Null(c.VerifiedAt));
        }

        await VerifyAsync(repository);
        var catalog = await CatalogAsync();
        Assert.Equal(VerificationLevel.Data, catalog.VerifiedBy(postgres.Id)!.Level);
        Assert.Equal(new ConsistencyProof(5, 1, 2, 3, 4, 6) { Consistent = false }, catalog.ConsistencyOf(postgres.Id, artifacts.Id)!.Consistency);
        Assert.Null(catalog.ConsistencyOf(postgres.Id, postgres.Id + "x"));

        async Task<SnapshotCatalog> CatalogAsync()
        {
            var loaded = await SnapshotCatalog.LoadAsync(repository, Cancel);
            return loaded with { Snapshots = [loaded.Snapshots[0] with { Component = Component.Postgres }, loaded.Snapshots[1]] };
        }
    }

    [Fact]
    public async Task The_first_backup_is_no_growth_and_a_mirror_needs_no_trend()
    {
        using var repository = await CreateAsync(store, clock);
        await BackUpAsync(repository, new Dictionary<string, byte[]> { ["a"] = new byte[50_000] });

        var component = Assert.Single((await RepositoryStateReader.ReadAsync("local", repository, "test", trend: false, Cancel)).Components);

        Assert.Equal(0, component.Growth);
        Assert.Empty(component.Sizes);
        Assert.Null(component.VerifiedAt);
    }

    [Fact]
    public async Task An_empty_repository_has_no_recovery_point()
    {
        using var repository = await CreateAsync(store, clock);

        var state = await RepositoryStateReader.ReadAsync("local", repository, "test", trend: true, Cancel);

        Assert.Null(state.Usable());
        Assert.Empty(state.Components);
    }
}
