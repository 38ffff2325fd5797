using System.Diagnostics;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace KubectlMlopsBackup.EndToEndTests.Action;

/// <summary>A release of the binary under test, made by scripts/release.sh, and served as GitHub would.</summary>
public sealed class ReleaseServer : IAsyncLifetime
{
    public const string Version = "9.8.7";

    private readonly string root = Directory.CreateTempSubdirectory("mlopsbackup-release-").FullName;
    private WebApplication? server;

    public string Folder => Path.Combine(root, "release");

    public string Archive => Path.Combine(Folder, $"kubectl-mlopsbackup_{Version}_linux_{(IsArm ? "arm64" : "amd64")}.tar.gz");

    public string Url { get; private set; } = "";

    /// <summary>Paths that were asked for.</summary>
    public List<string> Asked { get; } = [];

    private static bool IsArm => System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64;

    public async ValueTask InitializeAsync()
    {
        var rid = Path.Combine(root, "binaries", IsArm ? "linux-arm64" : "linux-x64");
        Directory.CreateDirectory(rid);
        File.CreateSymbolicLink(Path.Combine(rid, "kubectl-mlopsbackup"), CommandLine.Binary);
        await ScriptAsync("release.sh", new() { ["VERSION"] = Version, ["SOURCE_DATE_EPOCH"] = "1700000000" }, Path.Combine(root, "binaries"), Folder);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.Use((context, next) =>
        {
            lock (Asked)
            {
                Asked.Add(context.Request.Path);
            }

            return next(context);
        });
        server.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Folder), ServeUnknownFileTypes = true });
        await server.StartAsync();
        Url = server.Urls.First();
    }

    /// <summary>A script of scripts/, which must succeed.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> ScriptAsync(string name, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(CommandLine.Checkout(), "scripts", name), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{name} ended with {process.ExitCode}: {await output}{await error}");
        return await output;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(root, recursive: true);
    }
}
