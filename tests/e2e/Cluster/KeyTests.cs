using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary>A repository on a volume, which only pods reach, gets another key.</summary>
public sealed class KeyTests(ClusterFixture cluster)
{
    [Fact]
    public async Task The_passphrase_of_a_repository_on_a_volume_is_rotated()
    {
        await using var ns = await cluster.NamespaceAsync();
        await ClusterPlatform.ApplyAsync(cluster, ns);
        await ns.DoneAsync("install", "--init", "-f", await ClusterPlatform.PlanAsync(cluster, ns));
        await ns.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: second}\nstringData: {passphrase: another-one-altogether}");

        var installed = await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns, p => p.Replace("passphraseSecret: {name: backup-passphrase,", "passphraseSecret: {name: second,", StringComparison.Ordinal)));
        Assert.Contains($"key add --old-passphrase-secret backup-passphrase/passphrase -n {ns.Name}", installed.Error, StringComparison.Ordinal);
        (await ns.RunAsync("list")).Expect(ExitCode.WrongKey).SaysWithFix("opens none of the 1 key(s)");
        (await ns.RunAsync("key", "add", "--old-passphrase-secret", "backup-passphrase")).Expect(ExitCode.Usage).SaysWithFix("NAME/KEY");
        (await ns.RunAsync("key", "add", "--new-passphrase-file", "x")).Expect(ExitCode.Usage).SaysWithFix("--old-passphrase-secret");
        string[] add = ["key", "add", "--old-passphrase-secret", "backup-passphrase/passphrase", "--label", "the night shift", "-o", "json"];
        Assert.Equal("added", (await ns.DoneAsync(add)).Json[0].GetProperty("change").GetString());
        Assert.Equal("there already", (await ns.DoneAsync(add)).Json[0].GetProperty("change").GetString());

        var keys = (await ns.DoneAsync("key", "list", "-o", "json")).Json.EnumerateArray().Select(k => (Id: k.GetProperty("id").GetString()!, Label: k.GetProperty("label").GetString()!)).ToList();
        Assert.Equal(["first", "the night shift"], keys.Select(k => k.Label));
        (await ns.RunAsync("key", "remove", keys[1].Id)).Expect(ExitCode.Usage).SaysWithFix("what the plan says");
        await ns.DoneAsync("key", "remove", keys[0].Id[..8]);
        await ns.KubectlAsync("delete", "secret", "backup-passphrase");
        await ns.DoneAsync("list");
    }
}
