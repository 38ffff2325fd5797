using System.Text;
using System.Text.Json;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Monitoring.Notifications;
using KubectlMlopsBackup.UnitTests.Cluster;

namespace KubectlMlopsBackup.UnitTests.Monitoring.Notifications;

public sealed class NotifierTests : IAsyncLifetime
{
    private const string Token = "T0KEN-in-the-address";

    private static readonly Notice Failed = new()
    {
        Plan = "mlops-platform",
        Verb = "backup postgres",
        ExitCode = 1,
        Outcome = "failed",
        Message = "disk \"full\" <!channel> & more\u001b[2J",
        Fix = "make room",
        Seconds = 12.34,
        Host = "pod-1",
        Time = new DateTimeOffset(2026, 11, 24, 2, 0, 0, TimeSpan.Zero),
    };

    private readonly List<string> bodies = [];
    private readonly List<string> warnings = [];
    private readonly Queue<int> statuses = [];
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
        };
    }

    [Fact]
    public async Task Slack_gets_one_text_that_calls_nobody()
    {
        await SendAsync(new NotificationSpec { Kind = "slack" }, Failed);

        using var body = JsonDocument.Parse(Assert.Single(bodies));
        Assert.Equal(
            ":x: *mlops-platform*: backup postgres: *failed* after 12s\ndisk \"full\" &lt;!channel&gt; &amp; more\uFFFD[2J\nfix: make room",
            body.RootElement.GetProperty("text").GetString());
        Assert.Empty(warnings);
        Assert.StartsWith("application/json", Assert.Single(server.Requests).Header("Content-Type"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_gets_all_there_is_or_what_its_template_says()
    {
        await SendAsync(new NotificationSpec { Kind = "webhook" }, Failed);
        await SendAsync(new NotificationSpec { Kind = "webhook", Template = """{"severity":"{{ if done }}info{{ else }}critical{{ end }}","summary":"{{ verb }}: {{ message }}"}""" }, Failed);
        await SendAsync(new NotificationSpec { Kind = "webhook", ContentType = "text/plain", Template = "{{ message }}" }, Failed);

        using var whole = JsonDocument.Parse(bodies[0]);
        Assert.Equal(1, whole.RootElement.GetProperty("exitCode").GetInt32());
        Assert.Equal("make room", whole.RootElement.GetProperty("fix").GetString());
        using var own = JsonDocument.Parse(bodies[1]);
        Assert.Equal("critical", own.RootElement.GetProperty("severity").GetString());
        Assert.Equal("backup postgres: disk \"full\" <!channel> & more\uFFFD[2J", own.RootElement.GetProperty("summary").GetString());
        Assert.Equal("disk \"full\" <!channel> & more\uFFFD[2J", bodies[2]);
    }

    [Fact]
    public async Task What_went_well_is_told_to_who_wants_it()
    {
        var done = Failed with { ExitCode = 0, Outcome = "done", Message = null, Fix = null };

        await SendAsync(new NotificationSpec { Kind = "slack" }, done);
        Assert.Empty(bodies);
        await SendAsync(new NotificationSpec { Kind = "slack", When = "always" }, done);

        Assert.Contains(":white_check_mark:", Assert.Single(bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_hiccups_is_asked_again_and_one_that_refuses_is_not()
    {
        statuses.Enqueue(503);
        statuses.Enqueue(429);
        await SendAsync(new NotificationSpec { Kind = "slack" }, Failed);
        Assert.Equal((3, 0), (bodies.Count, warnings.Count));

        statuses.Enqueue(404);
        await SendAsync(new NotificationSpec { Kind = "slack" }, Failed);
        Assert.Equal(4, bodies.Count);
        Assert.Equal("notification to could not be sent: the server answered 404", Assert.Single(warnings));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        statuses.Enqueue(302);

        await SendAsync(new NotificationSpec { Kind = "slack" }, Failed);

        Assert.Single(server.Requests);
        Assert.Contains("302", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/" + Token, "cannot be reached")]
    [InlineData("not an address " + Token, "no http or https URL")]
    [InlineData("file:///etc/passwd?" + Token, "no http or https URL")]
    public async Task The_address_is_in_no_message_and_nothing_is_thrown(string address, string why)
    {
        await SendAsync(new NotificationSpec { Kind = "slack" }, Failed, address);

        Assert.Contains(why, Assert.Single(warnings), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_asks_for_what_is_not_there_is_a_warning()
    {
        await SendAsync(new NotificationSpec { Kind = "webhook", Template = "{{ no_such_thing }}" }, Failed);

        Assert.Empty(bodies);
        Assert.Contains("no_such_thing", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_a_secret_of_the_cluster_is_not_looked_for_here()
    {
        await new Notifier(warnings.Add, TimeSpan.Zero).SendAsync(
            [new NotificationSpec { Name = "to", Kind = "slack", UrlSecret = new SecretKeySpec { Name = "slack", Key = "url" } }], Failed);

        Assert.Empty(warnings);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task SendAsync(NotificationSpec to, Notice notice, string? address = null)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, address ?? $"{server.Address}/services/{Token}\n", TestContext.Current.CancellationToken);
        to.Name = "to";
        to.UrlFile = file;
        await new Notifier(warnings.Add, TimeSpan.Zero).SendAsync([to], notice);
        File.Delete(file);
    }
}
