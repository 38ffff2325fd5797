using System.Text;
using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary><c>verify platform</c> on a real database, real artifacts, and a server that stands in for MLflow and the application.</summary>
[Collection(CliTests.Name)]
public sealed class PlatformCheckTests(PlatformServer server)
{
    [Fact]
    public async Task A_platform_as_in_its_backup_passes_every_check()
    {
        using var web = Web();
        await using var platform = await WithChecksAsync(web);

        var results = await CheckAsync(platform, web, ExitCode.Done, "--exact");

        Assert.Equal(["api", "elsewhere", "experiments", "rows", "artifacts", "mlflow", "metrics", "fits"], results.Keys);
        Assert.All(results.Values, r => Assert.Equal("passed", Outcome(r)));
        Assert.Matches("^[0-9,]+ rows in [0-9]+ tables, exactly as in snapshot", Evidence(results["rows"]));
        Assert.Contains("20 of ", Evidence(results["artifacts"]), StringComparison.Ordinal);
        Assert.Contains("latest version of 1 registered models, each with its MLmodel", Evidence(results["mlflow"]), StringComparison.Ordinal);
        Assert.True(results["fits"].GetProperty("consistency").GetProperty("judged").GetInt64() > 0);
        Assert.Contains(" 0 missing, 0 without MLmodel", Evidence(results["fits"]), StringComparison.Ordinal);
        var sent = Convert.ToBase64String(Encoding.UTF8.GetBytes("ada:pa55-of-mlflow"));
        Assert.All(web.Requests, r => Assert.Equal(r.Path.Contains("mlflow", StringComparison.Ordinal) || r.Path.Contains("model-versions", StringComparison.Ordinal) ? $"Basic {sent}" : null, r.Authorization));
    }

    [Fact]
    public async Task Whatever_is_not_right_is_found_with_its_evidence()
    {
        using var web = Web();
        await using var platform = await WithChecksAsync(web);
        File.Delete(Directory.EnumerateFiles(platform.Artifacts, "MLmodel", SearchOption.AllDirectories).First());
        await platform.DoneAsync("backup", "all");
        await platform.Postgres.SqlAsync(platform.Database, "INSERT INTO public.experiment_tags (key, value, experiment_id) SELECT 'e2e', 'x', experiment_id FROM public.experiments LIMIT 1");
        foreach (var file in Directory.EnumerateFiles(platform.Artifacts, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length > 0))
        {
            await File.AppendAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        }

        web.Answers["/health"] = (503, "starting");
        web.Answers["/model-versions/get-artifact?path=MLmodel&name=churn&version=2"] = (500, "{}");
        web.Answers["/api/v1/query?query=up"] = (200, """{"data":{"result":[{"metric":{"job":"mlflow"},"value":[1,"0"]}]}}""");

        var results = await CheckAsync(platform, web, ExitCode.CheckFailed, "--exact");

        Assert.All(["api", "rows", "artifacts", "mlflow", "metrics", "fits"], name => Assert.Equal("failed", Outcome(results[name])));
        Assert.Equal("passed", Outcome(results["experiments"]));
        Assert.Contains("/health: 503; wants 200", Evidence(results["api"]), StringComparison.Ordinal);
        Assert.True(results["api"].GetProperty("attempts").GetInt32() > 1);
        Assert.Contains("public.experiment_tags has ", Evidence(results["rows"]), StringComparison.Ordinal);
        Assert.Contains("bytes instead of", Evidence(results["artifacts"]), StringComparison.Ordinal);
        Assert.Contains(" has no MLmodel", Evidence(results["fits"]), StringComparison.Ordinal);
        Assert.Contains("churn version 2", Evidence(results["mlflow"]), StringComparison.Ordinal);
        Assert.Contains("mlflow", Evidence(results["metrics"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_use_a_row_more_is_no_failure_and_what_is_not_run_is_told()
    {
        using var web = Web();
        await using var platform = await WithChecksAsync(web);
        await platform.Postgres.SqlAsync(platform.Database, "INSERT INTO public.experiment_tags (key, value, experiment_id) SELECT 'e2e', 'x', experiment_id FROM public.experiments LIMIT 1");

        var results = await CheckAsync(platform, web, ExitCode.Incomplete, "--isolated");

        Assert.Equal("passed", Outcome(results["rows"]));
        Assert.Contains("1 of them changed since", Evidence(results["rows"]), StringComparison.Ordinal);
        Assert.Equal("skipped", Outcome(results["elsewhere"]));
        // A Service has no name here.
        var unnamed = (await platform.RunAsync("verify", "platform")).Expect(ExitCode.Incomplete);
        Assert.Contains("--service api=URL", unnamed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_password_is_in_what_it_says()
    {
        using var web = Web();
        await using var platform = await WithChecksAsync(web);
        web.Answers.Clear();

        var said = await platform.RunAsync("verify", "platform", "-v", "--service", $"api={web.Address}", "--service", $"mlflow-server={web.Address}");

        Assert.DoesNotContain("pa55", said.Output + said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(platform.Password, said.Output + said.Error, StringComparison.Ordinal);
    }

    private static HttpStandIn Web()
    {
        var web = new HttpStandIn();
        web.Answers["/health"] = (200, """{"status":"ok"}""");
        web.Answers["/elsewhere"] = (200, "hello");
        web.Answers["/api/2.0/mlflow/experiments/search?max_results=100"] = (200, """{"experiments":[{},{}]}""");
        web.Answers["/api/2.0/mlflow/registered-models/search?max_results=100"] = (200, """{"registered_models":[{"name":"churn","latest_versions":[{"version":"2"}]}]}""");
        web.Answers["/model-versions/get-artifact?path=MLmodel&name=churn&version=2"] = (200, "flavors: {}");
        web.Answers["/api/v1/query?query=up"] = (200, """{"data":{"result":[{"metric":{"job":"mlflow"},"value":[1,"1"]}]}}""");
        return web;
    }

    private async Task<Platform> WithChecksAsync(HttpStandIn web)
    {
        var platform = await Platform.BackedUpAsync(server);
        var (user, password) = (platform.Secret("mlflow-user", "ada"), platform.Secret("mlflow-password", "pa55-of-mlflow"));
        platform.Plan = platform.Plan! with
        {
            More = $$"""
              recovery:
                checks:
                  - {name: api, deadline: 2s, http: {service: api, port: 8000, path: /health, jsonField: status, jsonValue: ok} }
                  - {name: elsewhere, deadline: 2s, http: {url: {{web.Address}}/elsewhere, contains: hello} }
                  - {name: experiments, sql: {query: SELECT count(*) FROM experiments, minimum: 1} }
                  - {name: rows, rows: {} }
                  - {name: artifacts, artifacts: {sample: 20} }
                  - {name: mlflow, deadline: 2s, mlflow: {service: mlflow-server, credentials: {usernameFile: {{user}}, passwordFile: {{password}}} } }
                  - {name: metrics, deadline: 2s, prometheus: {service: api} }
                  - {name: fits, consistency: {} }
            """,
        };
        return platform;
    }

    private static async Task<Dictionary<string, JsonElement>> CheckAsync(Platform platform, HttpStandIn web, ExitCode code, params string[] more)
    {
        var result = (await platform.RunAsync(
            ["verify", "platform", "-o", "json", "--service", $"api={web.Address}", "--service", $"mlflow-server={web.Address}", .. more])).Expect(code);
        return result.Json.EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!);
    }

    private static string Outcome(JsonElement result) => result.GetProperty("outcome").GetString()!;

    private static string Evidence(JsonElement result) => result.GetProperty("evidence").GetString()!;
}
