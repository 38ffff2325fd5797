using System.Diagnostics;
using KubectlMlopsBackup.EndToEndTests.Action;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Release;

/// <summary>What scripts/release.sh and scripts/krew.sh make of binaries.</summary>
public sealed class ReleaseTests : IDisposable
{
    private static readonly string[] Rids = ["linux-x64", "linux-arm64", "osx-x64", "osx-arm64", "win-x64", "win-arm64"];

    private readonly string root = Directory.CreateTempSubdirectory("mlopsbackup-archives-").FullName;

    private string Binaries => Path.Combine(root, "binaries");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Two_releases_of_the_same_binaries_are_byte_equal()
    {
        MakeBinaries();
        await MakeAsync("a");
        foreach (var file in Directory.GetFiles(Binaries, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddDays(7));
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }

        await MakeAsync("b");
        Assert.Equal(Rids.Length + 1, Directory.GetFiles(Path.Combine(root, "a")).Length);
        foreach (var file in Directory.GetFiles(Path.Combine(root, "a")))
        {
            Assert.Equal(await File.ReadAllBytesAsync(file, Token), await File.ReadAllBytesAsync(Path.Combine(root, "b", Path.GetFileName(file)), Token));
        }
    }

    [Fact]
    public async Task An_archive_holds_the_program_the_licence_and_the_helper_of_kubectls_completion()
    {
        MakeBinaries();
        await MakeAsync("a");

        Assert.Equal(["LICENSE", "kubectl-mlopsbackup", "kubectl_complete-mlopsbackup"], await ListAsync("linux_amd64"));
        Assert.Equal(["LICENSE", "kubectl-mlopsbackup.exe"], await ListAsync("windows_arm64"));
        var helper = await RunAsync("tar", "-xzOf", Archive("darwin_arm64"), "kubectl_complete-mlopsbackup");
        Assert.Equal((await CommandLine.RunAsync(["completion", "kubectl"])).Expect(ExitCode.Done).Output, helper);
    }

    [Fact]
    public async Task The_manifest_is_what_the_krew_index_takes()
    {
        MakeBinaries();
        await MakeAsync("a");
        var manifest = (await ReleaseServer.ScriptAsync("krew.sh", Repository, Path.Combine(root, "a"))).Trim();

        Assert.Equal("mlopsbackup.yaml", Path.GetFileName(manifest));
        KrewManifest.Check("mlopsbackup", await File.ReadAllTextAsync(manifest, Token), platforms: Rids.Length);
    }

    [Fact]
    public async Task A_release_that_is_not_what_it_says_gets_no_manifest()
    {
        MakeBinaries();
        await MakeAsync("a");
        await File.AppendAllTextAsync(Archive("linux_arm64"), "more", Token);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => ReleaseServer.ScriptAsync("krew.sh", Repository, Path.Combine(root, "a")));
        Assert.Contains("is not what checksums.txt says", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(root, "a", "mlopsbackup.yaml")));
    }

    [Fact]
    public async Task Release_notes_hold_every_change_under_its_kind()
    {
        var notes = await ReleaseServer.ScriptAsync("release-notes.sh", [], "0.0.0");
        var changes = Directory.GetFiles(Path.Combine(CommandLine.Checkout(), "changelog", "unreleased"), "*.md");

        Assert.NotEmpty(changes);
        foreach (var change in changes)
        {
            Assert.Contains($"\n### {File.ReadLines(change).First().Split(": ", 2)[1]}\n", notes, StringComparison.Ordinal);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Dictionary<string, string> Repository => new() { ["REPOSITORY"] = "owner/kubectl-mlopsbackup" };

    private void MakeBinaries()
    {
        foreach (var rid in Rids)
        {
            var folder = Directory.CreateDirectory(Path.Combine(Binaries, rid)).FullName;
            File.WriteAllText(Path.Combine(folder, rid.StartsWith("win", StringComparison.Ordinal) ? "kubectl-mlopsbackup.exe" : "kubectl-mlopsbackup"), $"binary of {rid}");
        }
    }

    private Task<string> MakeAsync(string name) => ReleaseServer.ScriptAsync(
        "release.sh", new() { ["VERSION"] = "1.2.3", ["SOURCE_DATE_EPOCH"] = "1700000000" }, Binaries, Path.Combine(root, name));

    private string Archive(string platform) => Path.Combine(root, "a", $"kubectl-mlopsbackup_1.2.3_{platform}.tar.gz");

    private async Task<string[]> ListAsync(string platform) =>
        (await RunAsync("tar", "-tzf", Archive(platform))).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
