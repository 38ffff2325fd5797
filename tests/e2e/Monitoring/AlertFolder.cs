using System.Text;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Monitoring;

/// <summary>A folder with the rules that the binary prints, checked by promtool. Skips the test where there is no promtool.</summary>
internal sealed class AlertFolder : IDisposable
{
    public const string Runbook = "https://example.org/troubleshooting.md";

    private AlertFolder(string path) => Path = path;

    public string Path { get; }

    public string PlanFile => System.IO.Path.Combine(Path, "plan.yaml");

    public string Rules => System.IO.Path.Combine(Path, "rules.yaml");

    public static async Task<AlertFolder> CreateAsync(string plan)
    {
        if (!File.Exists("/usr/bin/promtool"))
        {
            Assert.Skip("promtool is not installed: it is in Debian's package prometheus");
        }

        var folder = new AlertFolder(Directory.CreateTempSubdirectory("mlopsbackup-alerts-").FullName);
        await File.WriteAllTextAsync(folder.PlanFile, plan, TestContext.Current.CancellationToken);
        var rules = (await CommandLine.RunAsync(["alerts", "--format", "rules", "--plan", folder.PlanFile, "--runbook-url", Runbook], null, folder.Path)).Expect(ExitCode.Done);
        await File.WriteAllTextAsync(folder.Rules, rules.Output, TestContext.Current.CancellationToken);
        (await PromtoolAsync("check", "rules", folder.Rules)).Expect(ExitCode.Done);
        return folder;
    }

    /// <param name="rules">Evaluated at every step, which takes its time: not where no case asks for alerts.</param>
    public async Task TestAsync(IEnumerable<AlertCase> cases, bool rules = true)
    {
        var text = new StringBuilder($"rule_files: [{(rules ? "rules.yaml" : "")}]\nevaluation_interval: {QuietYear.MinutesPerStep}m\ntests:\n");
        foreach (var one in cases)
        {
            var end = (one.Days * 24 * 60) - QuietYear.MinutesPerStep;
            text.Append($"  - name: {one.Name}\n    interval: {QuietYear.MinutesPerStep}m\n    input_series:\n{one.Series}    promql_expr_test:\n");
            if (one.Fires)
            {
                Expect(text, $"count({one.Alerts}) or vector(0)", 19 * 24 * 60, 0);
                Expect(text, $"clamp_max(count({one.Alerts}), 1)", end, 1);
            }
            else
            {
                Expect(text, $"count(count_over_time({one.Alerts}[{one.Days}d])) or vector(0)", end, 0);
            }
        }

        var file = System.IO.Path.Combine(Path, "test.yaml");
        await File.WriteAllTextAsync(file, text.ToString(), TestContext.Current.CancellationToken);
        (await PromtoolAsync("test", "rules", file)).Expect(ExitCode.Done);
    }

    /// <summary>Each expression has something to show on a day of a quiet year.</summary>
    public async Task ShowAsync(IEnumerable<string> expressions, int day)
    {
        var text = new StringBuilder($"rule_files: []\nevaluation_interval: {QuietYear.MinutesPerStep}m\ntests:\n");
        text.Append($"  - interval: {QuietYear.MinutesPerStep}m\n    input_series:\n{new QuietYear().Write(day + 1, restarts: false)}    promql_expr_test:\n");
        foreach (var expression in expressions)
        {
            Expect(text, $"clamp_max(count({expression}), 1)", day * 24 * 60, 1);
        }

        var file = System.IO.Path.Combine(Path, "show.yaml");
        await File.WriteAllTextAsync(file, text.ToString(), TestContext.Current.CancellationToken);
        (await PromtoolAsync("test", "rules", file)).Expect(ExitCode.Done);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static void Expect(StringBuilder text, string expression, int minutes, int value) =>
        text.Append($"      - expr: '{expression}'\n        eval_time: {minutes}m\n        exp_samples: [{{labels: '{{}}', value: {value}}}]\n");

    private static async Task<CliResult> PromtoolAsync(params string[] arguments)
    {
        using var process = new CliProcess("promtool", arguments, new Dictionary<string, string>(), null, null);
        return await process.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
    }
}
