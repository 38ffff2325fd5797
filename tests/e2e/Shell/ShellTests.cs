using System.Diagnostics;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Shell;

/// <summary>Completion as the shells and kubectl do it.</summary>
public sealed class ShellTests : IDisposable
{
    private const string Snapshot = "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";

    private readonly string root = Directory.CreateTempSubdirectory("mlopsbackup-shell-").FullName;

    public ShellTests()
    {
        Directory.CreateDirectory(Path.Combine(root, "bin"));
        File.CreateSymbolicLink(Path.Combine(root, "bin", "kubectl-mlopsbackup"), CommandLine.Binary);
        File.WriteAllText(
            Path.Combine(root, "kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: far
            clusters: [{name: far, cluster: {server: "https://192.0.2.1:6443"}}]
            contexts:
              - {name: far, context: {cluster: far, namespace: mlops-platform}}
              - {name: near, context: {cluster: far, namespace: other}}
            """);
        // Ids are read from the names of files: nothing needs to be in them.
        Directory.CreateDirectory(Path.Combine(root, "repository", "snapshots"));
        File.WriteAllText(Path.Combine(root, "repository", "snapshots", $"20261124t020000z-{Snapshot}"), "");
        File.WriteAllText(Path.Combine(root, "repository", "snapshots", "no-snapshot"), "");
        File.WriteAllText(
            Path.Combine(root, "mlopsbackup.yaml"),
            $$"""
            apiVersion: mlopsbackup.io/v1
            kind: BackupPlan
            metadata: {name: shell}
            spec:
              artifacts: {path: {{root}}/artifacts}
              repositories: [{name: local, path: {{root}}/repository}, {name: second, path: {{root}}/second}]
              encryption: {none: true}
            """);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("kubectl-mlopsbackup versi", "version")]
    [InlineData("kubectl-mlopsbackup restore art", "artifacts")]
    [InlineData("kubectl-mlopsbackup restore --from-re", "--from-repository")]
    [InlineData("kubectl-mlopsbackup list -o ya", "yaml")]
    [InlineData("kubectl-mlopsbackup list --output=ya", "yaml")]
    [InlineData("kubectl-mlopsbackup describe --local a1b", "a1b2c3d4")]
    [InlineData("kubectl-mlopsbackup mirror --to se", "second")]
    [InlineData("kubectl-mlopsbackup status --context n", "near")]
    [InlineData("kubectl-mlopsbackup status -n mlo", "mlops-platform")]
    [InlineData("kubectl-mlopsbackup list --plan mlo", "mlopsbackup.yaml")]
    public async Task Bash_completes(string line, string expected)
    {
        // Splits the line as readline does, with = and : as words of their own, and asks the function.
        var answer = await RunAsync(
            "bash", "--norc", "-c",
            """
            source <(kubectl-mlopsbackup completion bash)
            COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
            COMP_LINE=$1 COMP_POINT=${#1}
            COMP_WORDS=()
            for word in $(sed 's/[=:]/ & /g' <<<"$1"); do COMP_WORDS+=("$word"); done
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _kubectl_mlopsbackup
            printf '%s\n' "${COMPREPLY[@]}"
            """,
            "bash", line);

        Assert.Equal([expected], answer);
    }

    [Theory]
    [InlineData("kubectl-mlopsbackup versi", "version")]
    [InlineData("kubectl-mlopsbackup restore art", "artifacts")]
    [InlineData("kubectl-mlopsbackup list --output=ya", "--output=yaml")]
    [InlineData("kubectl-mlopsbackup list --plan mlo", "mlopsbackup.yaml")]
    [InlineData("kubectl-mlopsbackup describe --local a1b", "a1b2c3d4")]
    public async Task Fish_completes(string line, string expected)
    {
        Need("fish");
        var answer = await RunAsync("fish", "--no-config", "-c", "kubectl-mlopsbackup completion fish | source; complete -C $argv[1]", line);

        Assert.Equal([expected], answer.Select(l => l.Split('\t')[0]));
    }

    [Theory]
    [InlineData("kubectl-mlopsbackup versi", "kubectl-mlopsbackup version")]
    [InlineData("kubectl-mlopsbackup restore art", "kubectl-mlopsbackup restore artifacts")]
    [InlineData("kubectl-mlopsbackup list --output=ya", "kubectl-mlopsbackup list --output=yaml")]
    [InlineData("kubectl-mlopsbackup list --plan mlo", "kubectl-mlopsbackup list --plan mlopsbackup.yaml")]
    public async Task Zsh_completes(string line, string expected)
    {
        Need("zsh");
        // A shell with a terminal of its own: what a person would see after the tab key.
        var answer = await RunAsync(
            "zsh", "-f", "-c",
            """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell 'PS1=; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D; source <(kubectl-mlopsbackup completion zsh); show() { print "<<$BUFFER>>"; zle kill-whole-line }; zle -N show; bindkey ^X show; print rea""dy'
            zpty -r shell seen '*ready*'
            zpty -n -w shell "$1"$'\t\x18'
            zpty -r shell seen '*<<*>>*'
            print -r -- "${${seen##*<<}%%>>*}"
            zpty -d shell
            """,
            "zsh", line);

        Assert.Equal([expected], answer.Select(l => l.TrimEnd()));
    }

    [Fact]
    public async Task Kubectl_completes_its_plugin()
    {
        Need("kubectl");
        var helper = Path.Combine(root, "bin", "kubectl_complete-mlopsbackup");
        await File.WriteAllTextAsync(helper, (await CommandLine.RunAsync(["completion", "kubectl"])).Output, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(helper, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal(["version\tPrint the version", ":4"], await RunAsync("kubectl", "__complete", "mlopsbackup", "versi"));
        Assert.Equal(["json", ":4"], await RunAsync("kubectl", "__complete", "mlopsbackup", "list", "-o", "js"));
    }

    [Fact]
    public async Task Powershells_script_is_the_one_that_the_binary_asks_itself_with()
    {
        var script = (await CommandLine.RunAsync(["completion", "powershell"])).Expect(ExitCode.Done).Output;

        Assert.Contains("Register-ArgumentCompleter -Native -CommandName 'kubectl-mlopsbackup'", script, StringComparison.Ordinal);
        Assert.Contains(" __complete @words ", script, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_that_a_list_has_shown_are_completed_without_its_repository()
    {
        Directory.CreateDirectory(Path.Combine(root, "artifacts"));
        await File.WriteAllTextAsync(Path.Combine(root, "artifacts", "model"), "weights", TestContext.Current.CancellationToken);
        Directory.Delete(Path.Combine(root, "repository"), recursive: true);
        await RunAsync("kubectl-mlopsbackup", "init", "--local", "--repositories", "--plan", "mlopsbackup.yaml");
        await RunAsync("kubectl-mlopsbackup", "backup", "artifacts", "--local", "-o", "name");
        var listed = await RunAsync("kubectl-mlopsbackup", "list", "--local", "-r", "local", "-o", "name");
        Directory.Delete(Path.Combine(root, "repository", "snapshots"), recursive: true);

        var completed = await RunAsync("kubectl-mlopsbackup", "__complete", "restore", "--local", "--from", "");
        Assert.StartsWith("latest\t", completed[0], StringComparison.Ordinal);
        Assert.Contains(completed, c => c.StartsWith(listed[0]["snapshot/".Length..][..8] + "\t", StringComparison.Ordinal));
    }

    private static void Need(string program)
    {
        if (!System.Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, program))))
        {
            Assert.Skip($"{program} is not installed");
        }
    }

    /// <returns>The lines of its standard output.</returns>
    private async Task<string[]> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program == "kubectl-mlopsbackup" ? CommandLine.Binary : program, arguments) { RedirectStandardOutput = true, WorkingDirectory = root };
        start.Environment["PATH"] = $"{root}/bin:{start.Environment["PATH"]}";
        start.Environment["HOME"] = root;
        start.Environment["KUBECONFIG"] = Path.Combine(root, "kubeconfig");
        start.Environment["TERM"] = "dumb";
        start.Environment.Remove("XDG_CACHE_HOME");
        start.Environment.Remove("MLOPSBACKUP_PLAN");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
