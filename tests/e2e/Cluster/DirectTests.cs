using System.Text;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary><c>--direct</c>: an installed plan's S3 repositories, read without a Job.</summary>
public sealed class DirectTests(ClusterFixture cluster)
{
    [Fact]
    public async Task Repositories_in_S3_are_read_from_here_with_the_callers_own_keys()
    {
        await using var bucket = await TestBucket.CreateAsync(TestContext.Current.CancellationToken);
        await using var ns = await cluster.NamespaceAsync();
        await ClusterPlatform.ApplyAsync(cluster, ns);
        // As kubectl makes it of a file that an editor or openssl wrote: with a newline.
        await ns.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: backup-passphrase}\nstringData: {passphrase: \"only-for-trying-it-out\\n\"}");
        // Keys that open nothing: those of the Jobs are not to be used here.
        await ns.ApplyAsync("apiVersion: v1\nkind: Secret\nmetadata: {name: s3-keys}\nstringData: {id: nobody, secret: nothing}");
        var location = $"bucket: {bucket.Name}, prefix: here, endpoint: \"{bucket.Server.Endpoint}\", region: us-east-1, forcePathStyle: true";
        await ns.DoneAsync("install", "-f", await ClusterPlatform.PlanAsync(cluster, ns, p => p.Replace(
            "    - name: local\n",
            $"    - name: offsite\n      s3: {{{location}, credentials: {{secret: {{name: s3-keys, accessKeyIdKey: id, secretAccessKeyKey: secret}}}}}}\n    - name: local\n",
            StringComparison.Ordinal)));
        var passphrase = ns.Write("passphrase", await PassphraseAsync(ns));
        await BackUpAsync(ns, bucket, location, passphrase);

        var listed = (await RunAsync(ns, bucket, "list", "--direct")).Expect(ExitCode.Done);
        Assert.Contains("offsite", listed.Output, StringComparison.Ordinal);
        Assert.Contains("repository local lies in a volume", listed.Error, StringComparison.Ordinal);
        (await RunAsync(ns, bucket, "verify", "data", "--direct", "--passphrase-file", passphrase)).Expect(ExitCode.Done);
        (await RunAsync(ns, bucket, "export", "artifacts", "--direct", "--file", Path.Combine(ns.Folder, "out.tar.gz"))).Expect(ExitCode.Done);
        Assert.True(new FileInfo(Path.Combine(ns.Folder, "out.tar.gz")).Length > 0);

        File.WriteAllText(passphrase, "another");
        (await RunAsync(ns, bucket, "list", "--direct", "--passphrase-file", passphrase)).Expect(ExitCode.WrongKey);
        (await RunAsync(ns, bucket, "list", "--direct", "--local")).Expect(ExitCode.Usage).SaysWithFix("cannot be used together", "--local");
        (await RunAsync(ns, bucket, "list", "--direct", "--as", "system:serviceaccount:default:nobody")).SaysWithFix("configmaps/mlopsbackup-plan", "Role");
        Assert.Equal("", await ns.KubectlAsync("get", "jobs", "-o", "name"));
    }

    private static async Task<string> PassphraseAsync(TestNamespace ns) => Encoding.UTF8.GetString(
        Convert.FromBase64String(await ns.KubectlAsync("get", "secret", "backup-passphrase", "-o", "jsonpath={.data.passphrase}")));

    /// <summary>As a Job of the plan would, but from here.</summary>
    private static async Task BackUpAsync(TestNamespace ns, TestBucket bucket, string location, string passphrase)
    {
        var artifacts = Directory.CreateDirectory(Path.Combine(ns.Folder, "artifacts")).FullName;
        await File.WriteAllTextAsync(Path.Combine(artifacts, "MLmodel"), "flavors: {}\n", TestContext.Current.CancellationToken);
        var store = $"{{{location}}}";
        var plan = ns.Write(
            "local.yaml",
            $$"""
            apiVersion: mlopsbackup.io/v1
            kind: BackupPlan
            metadata: {name: mlops-platform}
            spec:
              artifacts: {path: {{artifacts}}}
              repositories:
                - {name: offsite, s3: {{store}}}
              encryption: {passphraseFile: {{passphrase}}}
            """);
        (await RunAsync(ns, bucket, "init", "--repositories", "--local", "-f", plan)).Expect(ExitCode.Done);
        (await RunAsync(ns, bucket, "backup", "artifacts", "--local", "-f", plan)).Expect(ExitCode.Done);
    }

    private static Task<CliResult> RunAsync(TestNamespace ns, TestBucket bucket, params string[] arguments) => ns.RunWithAsync(
        new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = bucket.Server.AccessKey, ["AWS_SECRET_ACCESS_KEY"] = bucket.Server.SecretKey },
        arguments);
}
