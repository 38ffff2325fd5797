using System.Security.Cryptography;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

[assembly: AssemblyFixture(typeof(ClusterFixture))]

namespace KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

/// <summary>
/// A real cluster, for the whole suite: that of MLOPSBACKUP_E2E_KUBECONFIG. Without it every test that asks for one is skipped, with the reason.
/// Each test makes a namespace of its own, so tests run side by side. See tests/e2e/README.md.
/// </summary>
public sealed class ClusterFixture : IDisposable
{
    private const string Variable = "MLOPSBACKUP_E2E_KUBECONFIG";
    private const string ImageVariable = "MLOPSBACKUP_E2E_IMAGE";
    private const string ImportVariable = "MLOPSBACKUP_E2E_IMPORT_IMAGE";
    private const string HostVariable = "MLOPSBACKUP_E2E_HOST";
    private const string PlatformImageVariable = "MLOPSBACKUP_E2E_PLATFORM_IMAGE";

    private readonly string? path = Environment.GetEnvironmentVariable(Variable);
    private readonly SemaphoreSlim gate = new(1);
    private string? image;

    /// <summary>Skips the test where there is no cluster.</summary>
    public string Kubeconfig
    {
        get
        {
            if (string.IsNullOrEmpty(path))
            {
                Assert.Skip($"{Variable} is not set: name the kubeconfig of a cluster that tests may make namespaces in");
            }

            Assert.True(File.Exists(path), $"{Variable} names {path}, which does not exist");
            return path!;
        }
    }

    /// <summary>An address of this machine that pods of the cluster can reach. Skips the test where none is named.</summary>
    public static System.Net.IPAddress HostAddress
    {
        get
        {
            var address = Environment.GetEnvironmentVariable(HostVariable);
            if (string.IsNullOrEmpty(address))
            {
                Assert.Skip($"{HostVariable} is not set: name an address of this machine that pods can reach, for a bucket of their own");
            }

            return System.Net.IPAddress.Parse(address!);
        }
    }

    /// <summary>
    /// An image with PostgreSQL's server below /usr/lib/postgresql and python3 that stands in for those of examples/platform;
    /// null where the cluster can pull the real ones.
    /// </summary>
    public static string? PlatformImage => Environment.GetEnvironmentVariable(PlatformImageVariable) is { Length: > 0 } name ? name : null;

    /// <summary>
    /// The agent's image, with the binary under test in it: imported once in a run by the command of MLOPSBACKUP_E2E_IMPORT_IMAGE,
    /// or there already as MLOPSBACKUP_E2E_IMAGE says. Skips the test where neither is set.
    /// </summary>
    public async Task<string> ImageAsync()
    {
        _ = Kubeconfig;
        await gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return image ??= Environment.GetEnvironmentVariable(ImageVariable) is { Length: > 0 } ready ? ready : await ImportAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>A namespace of the test's own, under the Pod Security level <c>restricted</c>. Skips the test where there is no cluster.</summary>
    public Task<TestNamespace> NamespaceAsync() => TestNamespace.CreateAsync(this);

    /// <summary>Runs kubectl to its end; the test fails where it does.</summary>
    /// <returns>Its standard output.</returns>
    public async Task<string> KubectlAsync(IEnumerable<string> arguments, string? input = null)
    {
        var result = await TryKubectlAsync(arguments, input);
        Assert.True(result.Code == 0, $"{result.Command}\nended with {result.Code}\n{result.Output}\n{result.Error}");
        return result.Output;
    }

    internal async Task<CliResult> TryKubectlAsync(IEnumerable<string> arguments, string? input = null)
    {
        using var process = new CliProcess("kubectl", arguments, new Dictionary<string, string> { ["KUBECONFIG"] = Kubeconfig }, null, input);
        return await process.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
    }

    public void Dispose() => gate.Dispose();

    private static async Task<string> ImportAsync()
    {
        var command = Environment.GetEnvironmentVariable(ImportVariable);
        if (string.IsNullOrEmpty(command))
        {
            Assert.Skip($"neither {ImageVariable} nor {ImportVariable} is set: the cluster has no agent image to run");
        }

        var folder = Directory.CreateTempSubdirectory("mlopsbackup-image-");
        try
        {
            var bin = folder.CreateSubdirectory("usr/local/bin").FullName;
            var binary = Path.Combine(bin, "kubectl-mlopsbackup");
            File.Copy(CommandLine.Binary, binary);
            using var content = File.OpenRead(binary);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, TestContext.Current.CancellationToken));
            var name = $"localhost/mlopsbackup-agent:e2e-{hash[..12]}";
            File.SetUnixFileMode(
                binary,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

            // A folder that only its owner may enter would be such a root folder in the image.
            File.SetUnixFileMode(folder.FullName, File.GetUnixFileMode(bin));
            using var process = new CliProcess("sh", ["-c", $"exec {command} \"$0\" \"$1\"", folder.FullName, name], null, null, null);
            var result = await process.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
            Assert.True(result.Code == 0, $"{ImportVariable} ended with {result.Code}\n{result.Output}\n{result.Error}");
            return name;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
