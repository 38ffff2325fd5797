using System.Text.Json;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.Testing;
using KubectlMlopsBackup.UnitTests.Repository;

namespace KubectlMlopsBackup.UnitTests.Local;

public sealed class ClearSecretsGuardTests
{
    [Theory]
    [InlineData(false, "config", SecretsMode.Include, false)]
    [InlineData(false, "config", null, false)]
    [InlineData(false, "config", SecretsMode.NamesOnly, true)]
    [InlineData(false, "config", SecretsMode.None, true)]
    [InlineData(false, "artifacts", null, true)]
    [InlineData(true, "config", SecretsMode.Include, true)]
    public async Task Secrets_are_not_mirrored_into_the_clear(bool encrypted, string component, object? secrets, bool copied)
    {
        using var target = await Engine.CreateAsync(new MemoryStore(), Engine.Clock(), encrypted);
        var guard = new ClearSecretsGuard(target);
        var snapshot = new Snapshot
        {
            Format = 1,
            Component = component == "config" ? Component.Config : Component.Artifacts,
            Time = DateTimeOffset.UnixEpoch,
            Finished = DateTimeOffset.UnixEpoch,
            Plan = "mlops",
            Source = "test",
            Host = "test",
            Tool = "1",
            Verdict = Verdict.Complete,
            Tree = new TreeRef([], 0),
            Stats = new SnapshotStats(),
            Facts = secrets is SecretsMode mode
                ? JsonSerializer.SerializeToElement(new ConfigSummary(null, ["mlops"], mode, null, new Dictionary<string, int>(), new Dictionary<string, int>(), new Dictionary<string, int>()), ConfigJson.Default.ConfigSummary)
                : null,
        };

        Assert.Equal(copied, guard.MayCopy(snapshot));
        Assert.Equal(copied, guard.Problem() is null);
    }
}
