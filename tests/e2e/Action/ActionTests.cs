using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Action;

/// <summary>The action against real parts: a release that it fetches and checks, a database and artifacts that it backs up.</summary>
[Collection(CliTests.Name)]
public sealed class ActionTests(PlatformServer server, ReleaseServer release) : IClassFixture<ReleaseServer>
{
    private const string Kubeconfig =
        """
        apiVersion: v1
        kind: Config
        users:
          - name: ci
            user:
              token: "a-very-secret-token"
        """;

    [Fact]
    public async Task A_backup_then_a_status_and_its_results_are_outputs_a_summary_and_an_artifact()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        using (var runner = New(platform, "backup", "all"))
        {
            await runner.RunAsync();

            Assert.False(runner.HasFailed, runner.Log);
            Assert.Equal("done", runner.Outputs["verdict"]);
            Assert.Equal("0", runner.Outputs["exit-code"]);
            Assert.Contains("✅ mlopsbackup backup: done", runner.Summary, StringComparison.Ordinal);
            var report = runner.Outputs["report"];
            Assert.Contains("\"snapshot\"", await File.ReadAllTextAsync(Path.Combine(report, "result.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(["actions/cache", "actions/upload-artifact"], runner.Used.Select(u => u.Action));
            Assert.Equal(report, runner.Used[^1].With["path"]);
            foreach (var secret in new[] { Platform.Passphrase, platform.Password })
            {
                Assert.DoesNotContain(secret, runner.Log + runner.Summary, StringComparison.Ordinal);
            }
        }

        using var status = New(platform, "status", "");
        await status.RunAsync();

        Assert.False(status.HasFailed, status.Log);
        Assert.Matches("^[0-9a-f]{8,64}$", status.Outputs["recovery-point"]);
        Assert.InRange(double.Parse(status.Outputs["rpo-seconds"], System.Globalization.CultureInfo.InvariantCulture), 0, 3600);
        Assert.Empty(status.Outputs["rto-seconds"]);
    }

    [Fact]
    public async Task What_is_in_no_repository_fails_the_step_with_the_verbs_own_exit_code()
    {
        await using var platform = await Platform.CreateAsync(server);
        using var runner = New(platform, "backup", "artifacts");
        await runner.RunAsync();

        Assert.Equal((int)ExitCode.NoRepository, runner.Code);
        Assert.Equal("no-repository", runner.Outputs["verdict"]);
        Assert.Contains("❌", runner.Summary, StringComparison.Ordinal);
        Assert.Contains("::error title=kubectl-mlopsbackup::backup: no-repository (exit code 10)", runner.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("command", "backup; touch pwned")]
    [InlineData("command", "--help")]
    [InlineData("command", "")]
    [InlineData("args", "all \"unclosed")]
    [InlineData("args", "all --output=yaml")]
    [InlineData("args", "all -oname")]
    [InlineData("args", "all \u001b[31m")]
    [InlineData("plan", "no-such-file.yaml")]
    [InlineData("namespace", "a b")]
    [InlineData("namespace", "--kubeconfig=/etc/passwd")]
    [InlineData("context", "a\nb")]
    [InlineData("local", "yes")]
    [InlineData("version", "1.2.3/../../other")]
    [InlineData("version", "1.2.3 && touch pwned")]
    [InlineData("fail-on", "everything")]
    [InlineData("artifact-name", "a/b")]
    [InlineData("retention-days", "-1")]
    [InlineData("download-url", "http://example.org/")]
    [InlineData("download-url", "https://example.org/ -o /etc/passwd")]
    [InlineData("verify-attestation", "maybe")]
    public async Task An_input_that_is_none_is_refused_before_anything_is_installed(string input, string value)
    {
        using var runner = new Runner();
        runner.Inputs[input] = value;
        await runner.RunAsync();

        Assert.Equal((int)ExitCode.Usage, runner.Code);
        Assert.Contains("::error title=kubectl-mlopsbackup::", runner.Log, StringComparison.Ordinal);
        Assert.Contains("(fix: ", runner.Log, StringComparison.Ordinal);
        Assert.Empty(runner.Used);
        Assert.Empty(Directory.GetFiles(runner.Workspace));
    }

    [Fact]
    public async Task Arguments_are_words_and_never_commands()
    {
        using var runner = Fake("printf '%s\\n' \"$@\" >\"$RUNNER_TEMP/seen\"; echo '{}'");
        runner.Inputs["command"] = "restore";
        runner.Inputs["args"] = "all; touch pwned $(touch pwned) `touch pwned` *\n--to 'a folder' --include \"3/**\" -v | cat > pwned";
        await runner.RunAsync();

        Assert.False(runner.HasFailed, runner.Log);
        Assert.Equal(
            [
                "restore", "all;", "touch", "pwned", "$(touch", "pwned)", "`touch", "pwned`", "*", "--to", "a folder", "--include", "3/**", "-v", "|", "cat", ">", "pwned",
                "--output=json", "--color=never",
            ],
            await File.ReadAllLinesAsync(Path.Combine(runner.Temp, "seen"), TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(runner.Workspace));
    }

    [Fact]
    public async Task What_the_program_prints_is_neither_an_output_nor_a_command_of_the_workflow()
    {
        using var runner = Fake(
            """
            echo '::set-output name=verdict::done' >&2
            echo '::add-path::/evil' >&2
            printf '{"recoveryPoint": "x\\nverdict<<E\\ndone\\nE\\nevil=1", "rpoSeconds": 5, "seconds": 7, "note": "</pre><img src=x>"}'
            exit 1
            """);
        await runner.RunAsync();

        Assert.Equal("failed", runner.Outputs["verdict"]);
        Assert.Equal("x", runner.Outputs["recovery-point"]);
        Assert.Equal("5", runner.Outputs["rpo-seconds"]);
        Assert.Equal("7", runner.Outputs["rto-seconds"]);
        Assert.DoesNotContain("<img", runner.Summary, StringComparison.Ordinal);
        var lines = runner.Log.Split('\n');
        var stopped = Array.FindIndex(lines, l => l.StartsWith("::stop-commands::", StringComparison.Ordinal));
        var token = lines[stopped]["::stop-commands::".Length..];
        Assert.InRange(Array.FindIndex(lines, l => l.StartsWith("::add-path::", StringComparison.Ordinal)), stopped + 1, Array.IndexOf(lines, $"::{token}::") - 1);
    }

    [Theory]
    [InlineData(3, "{}", "incomplete,rpo,rto", true)]
    [InlineData(3, "{}", "rpo,rto", false)]
    [InlineData(4, """{"verdict":"missed","rpo":{"seconds":9,"targetSeconds":5},"rto":{"seconds":1,"targetSeconds":5},"checks":[],"steps":[],"counts":[]}""", "rpo", true)]
    [InlineData(4, """{"verdict":"missed","rpo":{"seconds":9,"targetSeconds":5},"rto":{"seconds":1,"targetSeconds":5},"checks":[],"steps":[],"counts":[]}""", "rto,incomplete", false)]
    [InlineData(4, """{"verdict":"missed","rto":{"seconds":9,"targetSeconds":5},"checks":[{"outcome":"Warned"}]}""", "incomplete", true)]
    [InlineData(4, """{"verdict":"failed"}""", "", true)]
    [InlineData(4, """{"safe":false,"problems":[{"severity":"error","kind":"stale"},{"severity":"warning","kind":"damaged"}]}""", "", false)]
    [InlineData(4, """{"safe":false,"problems":[{"severity":"error","kind":"stale"},{"severity":"error","kind":"damaged"}]}""", "", true)]
    [InlineData(4, "[]", "", true)]
    [InlineData(4, "nonsense", "", true)]
    [InlineData(11, "{}", "", true)]
    [InlineData(139, "", "", true)]
    public async Task Only_what_fail_on_names_and_whatever_is_worse_fails_the_step(int code, string result, string failOn, bool fails)
    {
        using var runner = Fake($"printf '%s' '{result}'; exit {code}");
        runner.Inputs["fail-on"] = failOn;
        await runner.RunAsync();

        Assert.Equal(fails ? code : 0, runner.Code);
        Assert.Equal(fails, runner.Log.Contains("::error ", StringComparison.Ordinal));
        Assert.Equal(!fails, runner.Log.Contains("::warning ", StringComparison.Ordinal));
        Assert.Equal(code.ToString(System.Globalization.CultureInfo.InvariantCulture), runner.Outputs["exit-code"]);
    }

    [Fact]
    public async Task A_summary_stays_below_what_the_runner_takes()
    {
        using var runner = Fake("head -c 4000000 /dev/zero | tr '\\0' '<' >&2; head -c 4000000 /dev/zero | tr '\\0' '&'");
        await runner.RunAsync();

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(runner.Summary), 100_000, (1 << 20) - 1);
    }

    [Fact]
    public async Task A_kubeconfig_is_masked_private_and_gone_at_the_end()
    {
        using var runner = Fake("stat -c %a \"${@: -3:1}\" >\"$RUNNER_TEMP/mode\" 2>/dev/null || for a in \"$@\"; do case $a in --kubeconfig=*) stat -c %a \"${a#*=}\" >\"$RUNNER_TEMP/mode\";; esac; done; echo '{}'");
        runner.Inputs["kubeconfig"] = Kubeconfig;
        await runner.RunAsync();

        Assert.False(runner.HasFailed, runner.Log);
        Assert.Contains("::add-mask::a-very-secret-token\n", runner.Log, StringComparison.Ordinal);
        Assert.Equal("600", (await File.ReadAllTextAsync(Path.Combine(runner.Temp, "mode"), TestContext.Current.CancellationToken)).Trim());
        Assert.DoesNotContain(Directory.GetFiles(runner.Temp, "*", SearchOption.AllDirectories), f => File.ReadAllText(f).Contains("a-very-secret-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_archive_that_is_not_what_was_released_is_refused_and_not_kept()
    {
        using var runner = Fetching();
        var cached = Path.Combine(runner.Tools, "kubectl-mlopsbackup", ReleaseServer.Version, Path.GetFileName(release.Archive).Split('_', 3)[2].Replace(".tar.gz", "", StringComparison.Ordinal), Path.GetFileName(release.Archive));
        Directory.CreateDirectory(Path.GetDirectoryName(cached)!);
        await File.WriteAllTextAsync(cached, "something else", TestContext.Current.CancellationToken);
        await runner.RunAsync();

        Assert.NotEqual(0, runner.Code);
        Assert.Contains("is not what checksums.txt says", runner.Log, StringComparison.Ordinal);
        Assert.False(File.Exists(cached));
        Assert.Empty(runner.Outputs["verdict"]);
    }

    [Fact]
    public async Task A_release_without_an_attestation_is_refused_unless_the_workflow_says_otherwise()
    {
        using (var runner = Fetching())
        {
            runner.AddProgram("gh", "printf '%s\\n' \"$*\" >>\"$RUNNER_TEMP/gh\"; test -n \"$GH_TOKEN\" || exit 9; exit 1\n");
            runner.Inputs["verify-attestation"] = "true";
            await runner.RunAsync();

            Assert.NotEqual(0, runner.Code);
            Assert.Contains("has no attestation of the release workflow of owner/kubectl-mlopsbackup", runner.Log, StringComparison.Ordinal);
            Assert.Matches(@"^attestation verify \S+\.tar\.gz --repo owner/kubectl-mlopsbackup --signer-workflow owner/kubectl-mlopsbackup/\.github/workflows/release\.yml$", (await File.ReadAllTextAsync(Path.Combine(runner.Temp, "gh"), TestContext.Current.CancellationToken)).Trim());
        }

        using var trusting = Fetching();
        trusting.Inputs["command"] = "version";
        await trusting.RunAsync();
        Assert.False(trusting.HasFailed, trusting.Log);
        Assert.Contains("installed: kubectl-mlopsbackup ", trusting.Log, StringComparison.Ordinal);
    }

    /// <summary>As on Windows, where the shell's tools get such paths.</summary>
    [Fact]
    public async Task A_release_is_checked_and_unpacked_in_a_folder_with_a_drive_and_backslashes()
    {
        using var runner = Fetching();
        var temp = Path.Combine(runner.Root, @"D:\a\_temp");
        Directory.CreateDirectory(temp);
        runner.Environment["RUNNER_TOOL_CACHE"] = Path.Combine(runner.Root, @"C:\hostedtoolcache");
        runner.Environment["RUNNER_TEMP"] = temp;
        runner.Inputs["command"] = "version";
        await runner.RunAsync();

        Assert.False(runner.HasFailed, runner.Log);
        Assert.Contains("installed: kubectl-mlopsbackup ", runner.Log, StringComparison.Ordinal);
    }

    /// <summary>On Windows for ARM the shell is emulated, and uname says x86_64.</summary>
    [Fact]
    public async Task The_runner_says_which_architecture_it_has()
    {
        using var runner = Fetching();
        runner.Environment["RUNNER_ARCH"] = "ARM64";
        runner.AddProgram("uname", "case $1 in -s) echo MINGW64_NT-10.0-26200 ;; *) echo x86_64 ;; esac\n");
        await runner.RunAsync();

        Assert.Contains($"release {ReleaseServer.Version} has no kubectl-mlopsbackup_{ReleaseServer.Version}_windows_arm64.tar.gz", runner.Log, StringComparison.Ordinal);
    }

    /// <summary>jq ends its lines with CR LF there.</summary>
    [Fact]
    public async Task A_carriage_return_gets_into_no_output()
    {
        using var runner = Fake("echo '{\"recoveryPoint\": \"abcd\", \"rpoSeconds\": 5, \"seconds\": 7, \"verdict\": \"failed\"}'; exit 4");
        runner.AddProgram("jq", "PATH=${PATH#*:} jq \"$@\" | sed 's/$/\\r/'\n");
        await runner.RunAsync();

        Assert.Equal(("abcd", "5", "7"), (runner.Outputs["recovery-point"], runner.Outputs["rpo-seconds"], runner.Outputs["rto-seconds"]));
        Assert.Equal(4, runner.Code);
    }

    [Fact]
    public async Task Two_uses_in_one_run_have_artifacts_of_different_names()
    {
        var names = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var runner = Fake("echo '{}'");
            await runner.RunAsync();
            names.Add(runner.Used[^1].With["name"]);
        }

        Assert.All(names, n => Assert.Matches("^mlopsbackup-status-[A-Za-z0-9]{6}$", n));
        Assert.NotEqual(names[0], names[1]);

        using var named = Fake("echo '{}'");
        named.Inputs["artifact-name"] = "my report";
        await named.RunAsync();
        Assert.Equal("my report", named.Used[^1].With["name"]);

        using var none = Fake("echo '{}'");
        none.Inputs["artifact-name"] = "";
        await none.RunAsync();
        Assert.DoesNotContain(none.Used, u => u.Action == "actions/upload-artifact");
    }

    [Fact]
    public async Task Without_a_release_the_checkout_is_built()
    {
        using var runner = new Runner();
        runner.AddProgram("dotnet", "while [[ $1 != -o ]]; do shift; done; mkdir -p \"$2\"; printf '#!/bin/bash\\necho {}\\n' >\"$2/kubectl-mlopsbackup\"; chmod +x \"$2/kubectl-mlopsbackup\"\n");
        await runner.RunAsync();

        Assert.False(runner.HasFailed, runner.Log);
        Assert.Equal(["actions/setup-dotnet", "actions/upload-artifact"], runner.Used.Select(u => u.Action));
    }

    /// <summary>With the release of the binary under test, on a platform of a test's own.</summary>
    private Runner New(Platform platform, string command, string args)
    {
        var runner = Fetching();
        runner.Inputs["command"] = command;
        runner.Inputs["args"] = args;
        runner.Inputs["local"] = "true";
        runner.Inputs["plan"] = platform.PlanFile;
        platform.WritePlan();
        return runner;
    }

    private Runner Fetching()
    {
        var runner = new Runner { ActionRepository = "owner/kubectl-mlopsbackup" };
        runner.Inputs["version"] = "v" + ReleaseServer.Version;
        runner.Inputs["download-url"] = release.Url + "/";
        runner.Inputs["verify-attestation"] = "false";
        return runner;
    }

    /// <summary>A build of the checkout whose program is a script: for what no real one does at will.</summary>
    private static Runner Fake(string script)
    {
        var runner = new Runner();
        File.WriteAllText(
            Path.Combine(runner.Root, "fake"),
            $$"""
            #!/bin/bash
            if [[ $1 == version ]]; then echo fake; exit; fi
            {{script}}
            """);
        runner.AddProgram("dotnet", $"while [[ $1 != -o ]]; do shift; done; mkdir -p \"$2\"; install -m 0755 {runner.Root}/fake \"$2/kubectl-mlopsbackup\"\n");
        return runner;
    }
}
