using System.Text;
using System.Text.Json;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Monitoring;
using KubectlMlopsBackup.Monitoring.Pushing;
using KubectlMlopsBackup.UnitTests.Cluster;
using KubectlMlopsBackup.UnitTests.Configuration;
using KubectlMlopsBackup.UnitTests.InCluster.Status;

namespace KubectlMlopsBackup.UnitTests.Monitoring.Pushing;

public sealed class MetricsPusherTests : IAsyncLifetime
{
    private const string Secret = "T0KEN-in-a-header";

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 2, 10, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("mlopsbackup-push-").FullName;
    private readonly List<string> bodies = [];
    private readonly List<string> warnings = [];
    private readonly Queue<int> statuses = [];
    private string answer = "";
    private FakeApiServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        server.Answer = async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            bodies.Add(await reader.ReadToEndAsync(context.RequestAborted));
            context.Response.StatusCode = statuses.TryDequeue(out var status) ? status : 200;
            if (context.Response.StatusCode == 302)
            {
                context.Response.Headers.Location = "/elsewhere";
            }

            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer), context.RequestAborted);
        };
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_gateway_gets_each_group_in_the_place_of_the_one_before()
    {
        await SendAsync(new PushSpec { Kind = "pushgateway" }, Groups());

        Assert.Equal(
            ["PUT /metrics/job/mlopsbackup/plan/mlops/part/run-postgres", "PUT /metrics/job/mlopsbackup/plan/mlops/part/state", "PUT /metrics/job/mlopsbackup/plan/mlops/part/prune"],
            server.Requests.Select(r => $"{r.Method} {r.Path}"));
        Assert.All(server.Requests, r => Assert.Equal("text/plain; version=0.0.4; charset=utf-8", r.Header("Content-Type")));
        Assert.Contains("# TYPE mlopsbackup_run_exit_code gauge\n", bodies[0], StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_run_exit_code{plan=\"mlops\",job_kind=\"postgres\"} 3\n", bodies[0], StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_run_duration_seconds{plan=\"mlops\",job_kind=\"postgres\"} 12.5\n", bodies[0], StringComparison.Ordinal);
        Assert.Contains("mlopsbackup_repository_free_bytes{plan=\"mlops\",repository=\"local\"}", bodies[1], StringComparison.Ordinal);
        Assert.Equal($"mlopsbackup_prune_last_success_timestamp_seconds{{plan=\"mlops\"}} {Now.ToUnixTimeSeconds()}", bodies[2].Trim().Split('\n')[^1]);
        Assert.All(bodies, b => Assert.DoesNotContain("# EOF", b, StringComparison.Ordinal));
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task A_collector_gets_all_of_it_at_once_as_OTLP_has_it()
    {
        await SendAsync(new PushSpec { Kind = "otlp" }, Groups(), "/base/");

        Assert.Equal("POST /base/v1/metrics", string.Join(", ", server.Requests.Select(r => $"{r.Method} {r.Path}")));
        using var body = JsonDocument.Parse(Assert.Single(bodies));
        var resource = body.RootElement.GetProperty("resourceMetrics")[0];
        Assert.Equal("service.name=mlopsbackup", Attribute(resource.GetProperty("resource").GetProperty("attributes")[0]));
        var metrics = resource.GetProperty("scopeMetrics")[0].GetProperty("metrics").EnumerateArray().ToDictionary(m => m.GetProperty("name").GetString()!);
        Assert.Equal(Groups().SelectMany(g => g.Samples).Select(s => s.Metric.Name).ToHashSet(), [.. metrics.Keys]);
        var free = metrics["mlopsbackup_repository_free_bytes"];
        Assert.Equal("By", free.GetProperty("unit").GetString());
        var point = free.GetProperty("gauge").GetProperty("dataPoints")[0];
        Assert.Equal(["plan=mlops", "repository=local"], point.GetProperty("attributes").EnumerateArray().Select(Attribute));
        Assert.Equal("1795486200000000000", point.GetProperty("timeUnixNano").GetString());
        Assert.Equal(42_949_672_960, point.GetProperty("asDouble").GetDouble());
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("pushgateway")]
    [InlineData("otlp")]
    public async Task Headers_come_from_a_secret_and_are_in_no_message(string kind)
    {
        statuses.Enqueue(401);

        await SendAsync(new PushSpec { Kind = kind, HeadersFile = File($"Authorization: Bearer {Secret}\n\nX-Scope-OrgID: ml:team\n") }, Groups());

        var request = Assert.Single(server.Requests);
        Assert.Equal($"Bearer {Secret}", request.Header("Authorization"));
        Assert.Equal("ml:team", request.Header("X-Scope-OrgID"));
        Assert.Equal("metrics could not be pushed to x: the server answered 401", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("Authorization Bearer T0KEN-in-a-header")]
    [InlineData("Author ization: T0KEN-in-a-header")]
    [InlineData("Content-Length: T0KEN-in-a-header")]
    [InlineData("Authorization:")]
    public async Task What_is_no_header_is_said_by_its_line_alone(string line)
    {
        await SendAsync(new PushSpec { Kind = "otlp", HeadersFile = File("X-A: b\n" + line) }, Groups());

        Assert.Equal("metrics could not be pushed to x: line 2 of its headers is no request header", Assert.Single(warnings));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task What_fails_for_a_moment_is_tried_again_and_no_redirect_is_followed()
    {
        statuses.Enqueue(503);
        statuses.Enqueue(429);
        await SendAsync(new PushSpec { Kind = "otlp" }, Groups());
        Assert.Equal(3, server.Requests.Count);
        Assert.Empty(warnings);

        statuses.Enqueue(302);
        await SendAsync(new PushSpec { Kind = "otlp" }, Groups());
        Assert.Equal("metrics could not be pushed to x: the server answered 302", Assert.Single(warnings));
        Assert.DoesNotContain(server.Requests, r => r.Path == "/elsewhere");
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("{}", false)]
    [InlineData("""{"partialSuccess":{}}""", false)]
    [InlineData("""{"partialSuccess":{"rejectedDataPoints":"0"}}""", false)]
    [InlineData("""{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"old"}}""", true)]
    [InlineData("""{"partialSuccess":{"rejectedDataPoints":3}}""", true)]
    [InlineData("[]", false)]
    public async Task What_a_collector_did_not_take_is_said(string said, bool warned)
    {
        answer = said;

        await SendAsync(new PushSpec { Kind = "otlp" }, Groups());

        Assert.Equal(warned ? ["metrics could not be pushed to x: the server did not take 3 figure(s)"] : [], warnings);
    }

    [Fact]
    public async Task Nobody_there_is_a_warning_and_no_failure()
    {
        var address = server.Address;
        await server.DisposeAsync();

        await new MetricsPusher(warnings.Add, TimeSpan.Zero).SendAsync([new PushSpec { Name = "x", Kind = "pushgateway", Url = address }], "mlops", Groups(), Now);

        Assert.StartsWith("metrics could not be pushed to x: the server cannot be reached", Assert.Single(warnings), StringComparison.Ordinal);
        server = await FakeApiServer.StartAsync();
    }

    [Fact]
    public async Task A_plan_of_the_cluster_pushes_from_its_Jobs_alone()
    {
        await SendAsync(new PushSpec { Kind = "otlp", HeadersSecret = new SecretKeySpec { Name = "a", Key = "b" } }, Groups());

        Assert.Empty(server.Requests);
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_run_that_has_not_looked_tells_of_itself_alone()
    {
        var groups = RunFigures.Of(Plans.Load(StatusWorld.Plan), new RunEnd("restore", ExitCode.Failed, Now, TimeSpan.FromSeconds(1), HasPruned: false), null);

        Assert.Equal(["run-restore"], groups.Select(g => g.Name));
        Assert.Equal(1, groups[0].Samples.Single(s => s.Metric == Metrics.RunExitCode).Value);
    }

    private static IReadOnlyList<FigureGroup> Groups() => RunFigures.Of(
        Plans.Load(StatusWorld.Plan),
        new RunEnd("postgres", ExitCode.Incomplete, Now, TimeSpan.FromSeconds(12.5), HasPruned: true),
        [StatusWorld.InFolder() with { Time = Now }, StatusWorld.InS3() with { Time = Now }]);

    private static string Attribute(JsonElement attribute) => $"{attribute.GetProperty("key").GetString()}={attribute.GetProperty("value").GetProperty("stringValue").GetString()}";

    private Task SendAsync(PushSpec to, IReadOnlyList<FigureGroup> groups, string path = "")
    {
        to.Name = "x";
        to.Url = server.Address + path;
        return new MetricsPusher(warnings.Add, TimeSpan.Zero).SendAsync([to], "mlops", groups, Now);
    }

    private string File(string text)
    {
        var path = Path.Combine(folder, "headers");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
