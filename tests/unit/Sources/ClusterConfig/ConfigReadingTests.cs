using System.Formats.Tar;
using System.Text;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig;

public sealed class ConfigReadingTests
{
    private static readonly ConfigObject Good = Objects.Named("v1", "ConfigMap", "mlops", "a");

    [Fact]
    public void An_object_lies_where_its_name_says()
    {
        var reading = Read(("mlops/ConfigMap/a.yaml", ObjectYaml.Document(Good)));

        Assert.Equal(Good.Key, Assert.Single(reading.Objects).Key);
        Assert.Empty(reading.Problems);
        Assert.Equal("_cluster/ClusterRole.rbac.authorization.k8s.io/x:y.yaml", Objects.Named("rbac.authorization.k8s.io/v1", "ClusterRole", null, "x:y").Key.Path);
    }

    [Theory]
    [InlineData("kube-system/ConfigMap/a.yaml")]
    [InlineData("mlops/ConfigMap/b.yaml")]
    [InlineData("mlops/Secret/a.yaml")]
    [InlineData("_cluster/ConfigMap/a.yaml")]
    [InlineData("mlops/ConfigMap/../a.yaml")]
    public void A_path_that_lies_about_its_object_is_told_and_left_out(string path)
    {
        var reading = Read((path, ObjectYaml.Document(Good)));

        Assert.Empty(reading.Objects);
        Assert.Contains("not what its path says", Assert.Single(reading.Problems).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ../../etc, namespace: mlops}\n")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"..\", namespace: mlops}\n")]
    [InlineData("apiVersion: v1\nkind: Config/Map\nmetadata: {name: a, namespace: mlops}\n")]
    [InlineData("apiVersion: ../x/v1\nkind: ConfigMap\nmetadata: {name: a, namespace: mlops}\n")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: _cluster}\n")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [a]}\n")]
    [InlineData("apiVersion: 1\nkind: ConfigMap\nmetadata: {name: a}\n")]
    [InlineData("kind: ConfigMap\nmetadata: {name: a}\n")]
    [InlineData("hello: world\n")]
    public void What_is_no_object_is_told_and_the_others_are_read(string yaml)
    {
        var reading = Read(("mlops/ConfigMap/x.yaml", yaml), ("mlops/ConfigMap/a.yaml", ObjectYaml.Document(Good)));

        Assert.Single(reading.Objects);
        Assert.Equal("mlops/ConfigMap/x.yaml", Assert.Single(reading.Problems).Path);
    }

    /// <summary>Who restores from an archive knows no more than what is in it.</summary>
    [Fact]
    public async Task What_the_backup_could_not_read_is_in_the_archive_too()
    {
        var snapshot = new Snapshot
        {
            Format = 1,
            Component = Component.Config,
            Time = DateTimeOffset.UnixEpoch,
            Finished = DateTimeOffset.UnixEpoch,
            Plan = "mlops",
            Source = "cluster",
            Host = "a",
            Tool = "1",
            Verdict = Verdict.Incomplete,
            Tree = new TreeRef([], 0),
            Stats = new SnapshotStats(),
            ProblemCount = 3,
            Problems = [new("mlops/deployments.apps", "forbidden: \n User: x"), new("_cluster/Namespace/mlops", "gone")],
        };
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            var (name, content) = ConfigFiles.NoteOf(snapshot)!.Value;
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) }, TestContext.Current.CancellationToken);
            await tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, "mlops/ConfigMap/a.yaml") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(ObjectYaml.Document(Good))) }, TestContext.Current.CancellationToken);
        }

        archive.Position = 0;
        var reading = await ConfigFiles.ReadTarAsync(archive, TestContext.Current.CancellationToken);

        Assert.Single(reading.Objects);
        Assert.Empty(reading.Problems);
        Assert.Equal(["mlops/deployments.apps", "_cluster/Namespace/mlops", "and more"], reading.NotInBackup.Select(p => p.Path));
        Assert.Equal("1 others", reading.NotInBackup[^1].Reason);
        Assert.StartsWith("not in the backup: mlops/deployments.apps: forbidden: ", reading.Notes("left out").First(), StringComparison.Ordinal);
        Assert.Null(ConfigFiles.NoteOf(snapshot with { Problems = [], ProblemCount = 0 }));
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read()
    {
        var reading = new ConfigReading();

        Assert.False(reading.Fits("mlops/ConfigMap/a.yaml", 1L << 40));
        Assert.Single(reading.Problems);
    }

    [Fact]
    public void Names_that_no_file_system_takes_get_shorter_ones_that_differ()
    {
        var a = Objects.Named("v1", "ConfigMap", "mlops", new string('a', 252) + "x").Key.Path;
        var b = Objects.Named("v1", "ConfigMap", "mlops", new string('a', 252) + "y").Key.Path;

        Assert.NotEqual(a, b);
        Assert.True(Path.GetFileName(a).Length <= 255);
    }

    private static ConfigReading Read(params (string Path, string Yaml)[] files)
    {
        var reading = new ConfigReading();
        foreach (var (path, yaml) in files)
        {
            reading.Add(path, Encoding.UTF8.GetBytes(yaml));
        }

        return reading;
    }
}
