using System.Text;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Mlflow.Consistency;
using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.UnitTests.Cluster;
using KubectlMlopsBackup.UnitTests.Repository;
using Microsoft.AspNetCore.Http;

namespace KubectlMlopsBackup.UnitTests.Recovery.Checks;

/// <summary>HTTP, MLflow and Prometheus, against a server that answers as the test says.</summary>
public sealed class HttpChecksTests : IAsyncLifetime
{
    private readonly Dictionary<string, (int Status, string Body)> answers = [];
    private readonly List<(string Path, string? Authorization)> seen = [];
    private FakeApiServer server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        server.Answer = async context =>
        {
            var path = context.Request.Path + context.Request.QueryString;
            lock (seen)
            {
                seen.Add((path, context.Request.Headers.Authorization));
            }

            var (status, body) = answers.GetValueOrDefault(path, (404, """{"error_code":"ENDPOINT_NOT_FOUND"}"""));
            context.Response.StatusCode = status;
            if (status == 302)
            {
                context.Response.Headers.Location = body;
                return;
            }

            await context.Response.WriteAsync(body);
        };
    }

    [Theory]
    [InlineData(200, "ok", null, null, null, true)]
    [InlineData(503, "ok", null, null, null, false)]
    [InlineData(200, "all is well", "well", null, null, true)]
    [InlineData(200, "all is lost", "well", null, null, false)]
    [InlineData(200, """{"status":"ok"}""", null, "status", "ok", true)]
    [InlineData(200, """{"status":"degraded"}""", null, "status", "ok", false)]
    [InlineData(200, """{"database":{"up":true}}""", null, "database.up", "true", true)]
    [InlineData(200, """{"parts":[{"name":"a"},{"name":"b"}]}""", null, "parts.1.name", "b", true)]
    [InlineData(200, """{"status":"ok"}""", null, "state", null, false)]
    [InlineData(200, "<html>", null, "status", null, false)]
    public async Task An_answer_is_what_the_plan_wants_or_not(int status, string body, string? contains, string? field, string? value, bool passes)
    {
        answers["/health"] = (status, body);

        var finding = await HttpAsync(new HttpCheckSpec { Service = "api", Path = "/health", Contains = contains, JsonField = field, JsonValue = value });

        Assert.Equal(passes ? CheckOutcome.Passed : CheckOutcome.Failed, finding.Outcome);
        Assert.Contains($"/health: {status}", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_gets_no_password()
    {
        await using var other = await FakeApiServer.StartAsync();
        answers["/health"] = (302, $"{other.Address}/login?token=abc");

        var finding = await HttpAsync(new HttpCheckSpec { Service = "api", Path = "/health", Credentials = Credentials("ada", "s3cr3t-pw") });

        Assert.Equal(CheckOutcome.Failed, finding.Outcome);
        Assert.Contains($"302 to {other.Address}/login, which is not followed; wants 200", finding.Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", finding.Evidence, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("ada:s3cr3t-pw"))}", Assert.Single(seen).Authorization);
        Assert.DoesNotContain("s3cr3t", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_of_the_cluster_is_not_guessed_here()
    {
        var error = await Assert.ThrowsAsync<UserError>(() => HttpAsync(new HttpCheckSpec
        {
            Service = "api",
            Credentials = new BasicAuthSpec { Secret = new BasicAuthSecretSpec { Name = "mlflow-auth" } },
        }));

        Assert.Contains("spec.recovery.checks[0].http.credentials.secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mlflow_is_read_page_by_page_to_the_files_of_its_models()
    {
        Mlflow();

        var finding = await MlflowAsync();

        Assert.Equal((CheckOutcome.Passed, "3 experiments; the latest version of 2 registered models, each with its MLmodel"), (finding.Outcome, finding.Evidence));
        Assert.Contains(seen, s => s.Path == "/model-versions/get-artifact?path=MLmodel&name=churn&version=12");
        Assert.Contains(seen, s => s.Path == "/model-versions/get-artifact?path=MLmodel&name=a%20%26%20b&version=1");
    }

    [Fact]
    public async Task A_model_whose_file_is_gone_is_named()
    {
        Mlflow();
        answers["/model-versions/get-artifact?path=MLmodel&name=churn&version=12"] = (500, """{"error_code":"INTERNAL_ERROR"}""");

        var finding = await MlflowAsync();

        Assert.Equal(CheckOutcome.Failed, finding.Outcome);
        Assert.Contains("1 without a usable MLmodel: churn version 12: no MLmodel (500 INTERNAL_ERROR)", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_model_is_none()
    {
        Mlflow();
        answers["/model-versions/get-artifact?path=MLmodel&name=churn&version=12"] = (200, "<html>log in</html>");

        Assert.Contains("names no flavor", (await MlflowAsync()).Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_that_download_is_asked_for_the_artifact()
    {
        Mlflow();
        answers.Remove("/model-versions/get-artifact?path=MLmodel&name=churn&version=12");
        answers["/api/2.0/mlflow/model-versions/get-download-uri?name=churn&version=12"] = (200, """{"artifact_uri":"mlflow-artifacts:/3/run a/artifacts/model"}""");
        answers["/api/2.0/mlflow-artifacts/artifacts/3/run%20a/artifacts/model/MLmodel"] = (200, "flavors: {}");

        Assert.Equal(CheckOutcome.Passed, (await MlflowAsync()).Outcome);
    }

    [Theory]
    [InlineData("s3://mlflow/prod/3/a/artifacts/model", "flavors: {}", "Passed", "each with its MLmodel, read from memory and not through MLflow")]
    [InlineData("mlflow-artifacts:/3/a/artifacts/model", "flavors: {}", "Passed", "each with its MLmodel, read from memory and not through MLflow")]
    [InlineData("s3a://mlflow/prod/3/a/artifacts/model/", "<html>", "Failed", "1 without a usable MLmodel: churn version 12: its MLmodel names no flavor")]
    [InlineData("s3://mlflow/prod/4/a/artifacts/model", "flavors: {}", "Failed", "1 without a usable MLmodel: churn version 12: no MLmodel: it was not restored")]
    [InlineData("s3://other/prod/3/a/artifacts/model", "flavors: {}", "Skipped", "whose MLmodel could not be looked at for 1: churn version 12: s3://other/prod/3/a/artifacts/model is no place in the backup")]
    [InlineData("models:/churn/11", "flavors: {}", "Skipped", "models:/churn/11 is no place in the backup")]
    [InlineData(null, "flavors: {}", "Skipped", "MLflow names no place")]
    public async Task Where_MLflow_cannot_reach_its_bucket_models_are_read_where_they_were_restored(string? uri, string model, string outcome, string evidence)
    {
        Mlflow();
        answers["/api/2.0/mlflow/model-versions/get-download-uri?name=churn&version=12"] = (200, uri is null ? "{}" : $$"""{"artifact_uri":"{{uri}}"}""");
        answers["/api/2.0/mlflow/model-versions/get-download-uri?name=a%20%26%20b&version=1"] = (200, """{"artifact_uri":"s3://mlflow/prod/1/b/model"}""");
        using var source = new MemorySource(new Dictionary<string, byte[]>
        {
            ["3/a/artifacts/model/MLmodel"] = Encoding.UTF8.GetBytes(model),
            ["1/b/model/MLmodel"] = "flavors: {}"u8.ToArray(),
        });

        var finding = await MlflowAsync(new RestoredModels("memory", (path, token) => source.OpenAsync(new SourceItem { Entry = new TreeEntry { Type = EntryType.S3Object, Path = path } }, token), Roots));

        Assert.Equal(outcome, finding.Outcome.ToString());
        Assert.Contains(evidence, finding.Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain(seen, s => s.Path.Contains("get-artifact", StringComparison.Ordinal));
    }

    /// <summary>That they were not looked at is no success.</summary>
    [Fact]
    public async Task Models_that_were_not_restored_are_not_checked()
    {
        Mlflow();
        answers["/api/2.0/mlflow/model-versions/get-download-uri?name=churn&version=12"] = (200, """{"artifact_uri":"s3://mlflow/prod/3/a"}""");
        answers["/api/2.0/mlflow/model-versions/get-download-uri?name=a%20%26%20b&version=1"] = (500, """{"error_code":"INTERNAL_ERROR"}""");

        var finding = await MlflowAsync(new RestoredModels("nowhere", null, Roots));
        Assert.Equal(CheckOutcome.Failed, finding.Outcome);
        Assert.Contains("MLflow does not say where it is (500 INTERNAL_ERROR)", finding.Evidence, StringComparison.Ordinal);

        answers["/api/2.0/mlflow/model-versions/get-download-uri?name=a%20%26%20b&version=1"] = (200, """{"artifact_uri":"s3://mlflow/prod/3/b"}""");
        finding = await MlflowAsync(new RestoredModels("nowhere", null, Roots));
        Assert.Equal((CheckOutcome.Skipped, true), (finding.Outcome, finding.Evidence.Contains("could not be looked at for 2: churn version 12: the artifacts are not rehearsed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_login_page_is_not_mlflow()
    {
        answers["/api/2.0/mlflow/experiments/search?max_results=100"] = (200, "<html>");

        var finding = await MlflowAsync();

        Assert.Equal(CheckOutcome.Failed, finding.Outcome);
        Assert.Contains("no JSON that MLflow would send", finding.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"a"},"value":[1,"1"]},{"metric":{"job":"b"},"value":[1,"1"]}]}}""", true, "up: 2 of 2 are up")]
    [InlineData("""{"status":"success","data":{"result":[{"metric":{"job":"a","instance":"x:1"},"value":[1,"0"]},{"metric":{},"value":[1,"1"]}]}}""", false, "up: 1 of 2 are down: a/x:1")]
    [InlineData("""{"status":"success","data":{"result":[]}}""", false, "up finds nothing yet")]
    [InlineData("""{"data":{"result":[{"metric":{"job":"a"},"value":"nonsense"},7]}}""", false, "up: 1 of 1 are down: a")]
    [InlineData("""{"data":7}""", false, "not what Prometheus answers")]
    public async Task Prometheus_says_what_is_up(string body, bool passes, string evidence)
    {
        answers["/api/v1/query?query=up"] = (200, body);
        using var http = Http(null);

        var finding = await PrometheusCheck.RunAsync(http, new PrometheusCheckSpec { Service = "prometheus" }, Cancel);

        Assert.Equal(passes ? CheckOutcome.Passed : CheckOutcome.Failed, finding.Outcome);
        Assert.Contains(evidence, finding.Evidence, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private void Mlflow()
    {
        answers["/api/2.0/mlflow/experiments/search?max_results=100"] = (200, """{"experiments":[{"experiment_id":"0"},{"experiment_id":"1"}],"next_page_token":"p 2"}""");
        answers["/api/2.0/mlflow/experiments/search?max_results=100&page_token=p%202"] = (200, """{"experiments":[{"experiment_id":"2"}]}""");
        answers["/api/2.0/mlflow/registered-models/search?max_results=100"] = (200, """
            {"registered_models":[
              {"name":"churn","latest_versions":[{"version":"9"},{"version":"12"},{"version":"10"}]},
              {"name":"a & b"},
              {"name":"empty"}]}
            """);
        answers["/api/2.0/mlflow/model-versions/search?filter=name%3D%27a%20%26%20b%27&max_results=100"] = (200, """{"model_versions":[{"version":"1"}]}""");
        answers["/api/2.0/mlflow/model-versions/search?filter=name%3D%27empty%27&max_results=100"] = (200, "{}");
        answers["/model-versions/get-artifact?path=MLmodel&name=churn&version=12"] = (200, "artifact_path: model\nflavors:\n  sklearn: {}\n");
        answers["/model-versions/get-artifact?path=MLmodel&name=a%20%26%20b&version=1"] = (200, "flavors: {}");
    }

    private async Task<CheckFinding> HttpAsync(HttpCheckSpec spec)
    {
        using var http = Http(spec.Credentials);
        return await HttpCheck.RunAsync(http, spec, Cancel);
    }

    private static ArtifactRoots Roots => ArtifactRoots.Of("s3://mlflow/prod", []);

    private async Task<CheckFinding> MlflowAsync(RestoredModels? restored = null)
    {
        using var http = Http(null);
        return await new MlflowCheck(http, new MlflowCheckSpec { Service = "mlflow-server" }, restored).RunAsync(Cancel);
    }

    private CheckHttp Http(BasicAuthSpec? credentials) => new(new Uri(server.Address), isService: true, credentials, "spec.recovery.checks[0].http");

    private static BasicAuthSpec Credentials(string user, string password)
    {
        var folder = Directory.CreateTempSubdirectory("mlopsbackup-checks-").FullName;
        File.WriteAllText(Path.Combine(folder, "user"), user + "\n");
        File.WriteAllText(Path.Combine(folder, "password"), password + "\n");
        return new BasicAuthSpec { UsernameFile = Path.Combine(folder, "user"), PasswordFile = Path.Combine(folder, "password") };
    }
}
