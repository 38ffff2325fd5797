using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Verifying;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository.Shares;

public sealed class ShareVerifyTests
{
    [Fact]
    public async Task Shares_of_a_verify_read_every_pack_once_and_one_of_them_finds_the_damage()
    {
        using var store = new MemoryStore();
        var repository = await Engine.CreateAsync(store, Engine.Clock());
        await Engine.BackUpAsync(repository, ShareRuns.LargeFiles(new Random(1)));
        var victim = store.Objects.Keys.Where(k => k.StartsWith("packs/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ElementAt(7);
        store.Tamper(victim, bytes => [.. bytes[..100], (byte)(bytes[100] ^ 1), .. bytes[101..]]);

        var reports = new List<VerifyReport>();
        for (var i = 0; i < 3; i++)
        {
            reports.Add(await new Verifier(repository, new VerifyOptions { ReadData = true, Part = (i, 3) }).RunAsync(Engine.Cancel));
        }

        Assert.Equal(reports[0].Packs, reports.Sum(r => r.PacksRead));
        Assert.All(reports, r => Assert.InRange(r.PacksRead, 1, r.Packs - 2));
        Assert.Single(reports, r => r.Damages.Any(d => d.Key == victim));
        // One share proves no snapshot's data.
        Assert.All(reports, r => Assert.Equal(VerificationLevel.Structure, r.Level));
    }
}
