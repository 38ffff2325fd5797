using System.Diagnostics;
using System.Text;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using YamlDotNet.RepresentationModel;

namespace KubectlMlopsBackup.EndToEndTests.Action;

/// <summary>
/// Runs action.yml as a GitHub runner does: its steps in order, each with the environment that its <c>env</c> says, files for outputs, paths and the summary.
/// Steps that are other people's actions are noted, not run.
/// </summary>
internal sealed class Runner : IDisposable
{
    private static readonly string Checkout = CommandLine.Checkout();

    private readonly Dictionary<string, Dictionary<string, string>> outputs = new(StringComparer.Ordinal);
    private readonly StringBuilder log = new();
    private readonly List<string> paths = [];

    public Runner()
    {
        foreach (var folder in new[] { Workspace, Temp, Tools, Programs })
        {
            Directory.CreateDirectory(folder);
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("mlopsbackup-action-").FullName;

    /// <summary>The workflow's checkout: where steps run.</summary>
    public string Workspace => Path.Combine(Root, "workspace");

    public string Temp => Path.Combine(Root, "temp");

    public string Tools => Path.Combine(Root, "tools");

    /// <summary>First in the PATH: for programs of a test's own.</summary>
    public string Programs => Path.Combine(Root, "programs");

    /// <summary>What the workflow sets, beside the inputs.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public Dictionary<string, string> Inputs { get; } = [];

    /// <summary>OWNER/NAME of the action; empty for <c>uses: ./</c>.</summary>
    public string ActionRepository { get; set; } = "";

    /// <summary>What the steps printed.</summary>
    public string Log => log.ToString();

    public string Summary => File.Exists(SummaryFile) ? File.ReadAllText(SummaryFile) : "";

    public bool HasFailed { get; private set; }

    /// <summary>Exit code of the last step that failed; 0 where none has.</summary>
    public int Code { get; private set; }

    /// <summary>Other people's actions that would have run, with their inputs.</summary>
    public List<(string Action, IReadOnlyDictionary<string, string> With)> Used { get; } = [];

    /// <summary>Of the action, as a workflow sees them.</summary>
    public Dictionary<string, string> Outputs { get; } = [];

    private string SummaryFile => Path.Combine(Root, "summary.md");

    /// <summary>A program of this name, as a script.</summary>
    public void AddProgram(string name, string script)
    {
        var path = Path.Combine(Programs, name);
        File.WriteAllText(path, "#!/bin/bash\n" + script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public async Task RunAsync()
    {
        var action = Load(Path.Combine(Checkout, "action.yml"));
        foreach (var (name, input) in Map(action, "inputs").Children)
        {
            Inputs.TryAdd(((YamlScalarNode)name).Value!, Expression.Fill(Text((YamlMappingNode)input, "default") ?? "", Context));
        }

        Assert.Empty(Inputs.Keys.Except(Map(action, "inputs").Children.Keys.Select(k => ((YamlScalarNode)k).Value!)));
        foreach (var step in ((YamlSequenceNode)Map(action, "runs")["steps"]).Cast<YamlMappingNode>())
        {
            if (Expression.IsTrue(Text(step, "if"), HasFailed, Context))
            {
                await StepAsync(step);
            }
        }

        foreach (var (name, output) in Map(action, "outputs").Children)
        {
            Outputs.Add(((YamlScalarNode)name).Value!, Expression.Fill(Text((YamlMappingNode)output, "value")!, Context));
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private async Task StepAsync(YamlMappingNode step)
    {
        if (Text(step, "uses") is { } uses)
        {
            Used.Add((uses.Split('@')[0], Filled(step, "with")));
            return;
        }

        Assert.Equal("bash", Text(step, "shell"));
        var id = Text(step, "id") ?? $"step-{outputs.Count}";
        var (outputFile, pathFile, script) = (Path.Combine(Root, $"{id}.out"), Path.Combine(Root, $"{id}.path"), Path.Combine(Root, $"{id}.sh"));
        var run = Text(step, "run")!;
        // An expression in a script is how an input becomes a command.
        Assert.DoesNotContain("${{", run, StringComparison.Ordinal);
        await File.WriteAllTextAsync(script, run);
        await File.WriteAllTextAsync(outputFile, "");
        await File.WriteAllTextAsync(pathFile, "");

        // As GitHub has it for "shell: bash".
        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Workspace,
        };
        start.Environment.Clear();
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["PATH"] = string.Join(':', [Programs, .. paths, System.Environment.GetEnvironmentVariable("PATH")!]),
            ["HOME"] = Root,
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_ACTION_PATH"] = Checkout,
            ["GITHUB_WORKSPACE"] = Workspace,
            ["GITHUB_OUTPUT"] = outputFile,
            ["GITHUB_PATH"] = pathFile,
            ["GITHUB_STEP_SUMMARY"] = SummaryFile,
            ["RUNNER_TEMP"] = Temp,
            ["RUNNER_TOOL_CACHE"] = Tools,
        }.Concat(Environment).Concat(Filled(step, "env")))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        log.Append(await output).Append(await error);
        outputs[id] = Read(await File.ReadAllLinesAsync(outputFile));
        paths.InsertRange(0, await File.ReadAllLinesAsync(pathFile));
        if (process.ExitCode != 0)
        {
            (HasFailed, Code) = (true, process.ExitCode);
        }
    }

    /// <summary>NAME&lt;&lt;DELIMITER, lines, DELIMITER; or NAME=VALUE.</summary>
    private static Dictionary<string, string> Read(string[] lines)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Split("<<", 2) is [var name, var delimiter] && !name.Contains('=', StringComparison.Ordinal))
            {
                var end = Array.IndexOf(lines, delimiter, i + 1);
                Assert.True(end > i, $"output {name} does not end");
                values[name] = string.Join('\n', lines[(i + 1)..end]);
                i = end;
            }
            else
            {
                var parts = lines[i].Split('=', 2);
                values[parts[0]] = parts[1];
            }
        }

        return values;
    }

    private string Context(string path) => path.Split('.') switch
    {
        ["inputs", var name] => Inputs[name],
        ["steps", var id, "outputs", var name] => outputs.GetValueOrDefault(id)?.GetValueOrDefault(name) ?? "",
        ["github", "action_repository"] => ActionRepository,
        ["github", "token"] => "a-token-of-the-workflow",
        _ => throw new InvalidOperationException($"the action uses {path}, which this runner does not know"),
    };

    private Dictionary<string, string> Filled(YamlMappingNode step, string key) =>
        step.Children.ContainsKey(key)
            ? Map(step, key).Children.ToDictionary(p => ((YamlScalarNode)p.Key).Value!, p => Expression.Fill(((YamlScalarNode)p.Value).Value ?? "", Context), StringComparer.Ordinal)
            : [];

    private static YamlMappingNode Load(string path)
    {
        var stream = new YamlStream();
        using var text = File.OpenText(path);
        stream.Load(text);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node[key];

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;
}
